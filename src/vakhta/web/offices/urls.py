from django.urls import path

from vakhta.web.offices import company_views, crew_views, people_views

app_name = "offices"
urlpatterns = [
    path("", company_views.companies, name="companies"),
    path("<int:pk>/", company_views.company, name="company"),
    path("<int:pk>/change/", company_views.change_company, name="change_company"),
    path("<int:pk>/agreements/", company_views.serve_again, name="serve_again"),
    path("agreements/<int:pk>/", company_views.change_term, name="change_term"),
    path("people/", people_views.people, name="people"),
    path("people/file.<slug:kind>", people_views.people_file, name="people_file"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/change/", people_views.change_person, name="change_person"),
    path("people/<int:pk>/dismiss/", people_views.dismiss, name="dismiss"),
    path("people/<int:pk>/return/", people_views.return_person, name="return_person"),
    path("people/<int:pk>/invite/", people_views.invite, name="invite"),
    path("people/<int:pk>/sessions/end/", people_views.end_sessions, name="end_sessions"),
    path("people/<int:pk>/second-step/reset/", people_views.reset_step, name="reset_step"),
    path("crews/", crew_views.crews, name="crews"),
    path("crews/new/", crew_views.new_crew, name="new_crew"),
    path("crews/<int:pk>/", crew_views.crew, name="crew"),
    path("crews/<int:pk>/change/", crew_views.change_crew, name="change_crew"),
    path("crews/<int:pk>/members/", crew_views.put_member, name="put_member"),
    path("crews/<int:pk>/members/<int:staff>/drop/", crew_views.drop_member, name="drop_member"),
    path("crews/<int:pk>/drop/", crew_views.drop_crew, name="drop_crew"),
    path("crews/<int:pk>/return/", crew_views.return_crew, name="return_crew"),
]
