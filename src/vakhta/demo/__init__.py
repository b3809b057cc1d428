"""The demo's invented town and what its residents say: generators of plain data, the same for a seed.

No Django, no clock, no files: who loads the town into the database or plays the day through the
public ports does it elsewhere.
"""

from vakhta.demo.shapes import City
from vakhta.demo.town import city

__all__ = ["City", "city"]
