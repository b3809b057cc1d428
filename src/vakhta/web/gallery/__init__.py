"""Every screen and state drawn from samples, without a database: `/demo/gallery/` of the demo.

Pictures, the accessibility check of pages and the eye of whoever changes a template use it.
"""
