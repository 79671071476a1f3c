from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from newsdesk import health, languages

handler400 = "newsdesk.errors.bad_request"
handler403 = "newsdesk.errors.forbidden"
handler404 = "newsdesk.errors.not_found"
handler500 = "newsdesk.errors.server_error"

urlpatterns = [
    path("", include("annotations.reader_urls")),
    path("desk/", include("annotations.desk_urls")),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("language/", languages.language, name="language"),
    path("admin/", admin.site.urls),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
