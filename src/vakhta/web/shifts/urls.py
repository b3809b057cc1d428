from django.urls import path

from vakhta.web.shifts import views

app_name = "shifts"
urlpatterns = [
    path("", views.month, name="month"),
    path("shifts.<slug:kind>", views.download, name="download"),
    path("make/", views.make, name="make"),
    path("change/", views.change, name="change"),
    path("swap/", views.ask, name="ask"),
    path("swap/<int:pk>/agree/", views.agree, name="agree"),
    path("swap/<int:pk>/approve/", views.approve, name="approve"),
    path("swap/<int:pk>/decline/", views.decline, name="decline"),
    path("swap/<int:pk>/reject/", views.reject, name="reject"),
    path("handover/", views.handover, name="handover"),
    path("handover/sign/", views.sign, name="sign"),
    path("sheets/", views.sheets_, name="sheets"),
    path("sheets/<int:pk>/", views.sheet, name="sheet"),
    path("sheets/<int:pk>/accept/", views.accept, name="accept"),
    path("sheets/<int:pk>/print/", views.print_pdf, name="print"),
]
