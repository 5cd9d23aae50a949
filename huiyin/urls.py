"""网址表. Every one of them is in the who-may-see-what matrix of the tests."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from huiyin.web import accounts, calendars, desk, drafts, files, intake, items, ledger, organisation, papers, profiles, promises

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/export/", ledger.export, name="ledger_export"),
    path("items/<int:pk>/", items.page, name="item"),
    path("items/<int:pk>/draft/", drafts.edit, name="draft"),
    path("items/<int:pk>/letter/", papers.letter, name="letter"),
    path("items/<int:pk>/versions/<int:number>/", items.version, name="version"),
    path("items/<int:pk>/dates/", items.dates, name="item_dates"),
    path("items/<int:pk>/<slug:name>/", items.deed, name="deed"),
    path("files/<int:pk>/", files.download, name="file"),
    path("intake/", intake.intake, name="intake"),
    path("intake/register/", intake.register, name="register"),
    path("intake/<int:pk>/", intake.preview, name="import"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/load/", calendars.load, name="calendar_load"),
    path("calendars/recount/", calendars.recount, name="calendar_recount"),
    path("calendars/<int:year>/", calendars.year, name="calendar_year"),
    path("calendars/<int:year>/file/", calendars.download, name="calendar_download"),
    path("promises/", promises.promises, name="promises"),
    path("figures/", papers.figures_page, name="figures"),
    path("summary/", papers.summary, name="summary"),
    path("summary/notice/", papers.work_notice, name="work_notice"),
    path("profiles/", profiles.index, name="profiles"),
    path("profiles/compare/", profiles.compare, name="profile_compare"),
    path("profiles/<str:name>/", profiles.page, name="profile"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/<slug:kind>/new/", organisation.edit, name="organisation_new"),
    path("organisation/<slug:kind>/<int:pk>/", organisation.edit, name="organisation_edit"),
    path("organisation/<slug:kind>/<int:pk>/remove/", organisation.remove, name="organisation_remove"),
    path("accounts/login/", login_not_required(allauth.login), name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/password/", allauth.password_change, name="account_change_password"),
    path("accounts/first/<str:uid>/<str:token>/", accounts.first_password, name="first_password"),
    path("accounts/signup/", accounts.closed, name="account_signup"),
    path("accounts/reset/", accounts.closed, name="account_reset_password"),
    path("accounts/inactive/", accounts.closed, name="account_inactive"),
    path("accounts/set/", accounts.closed, name="account_set_password"),
    path("accounts/locked/", accounts.locked, name="locked"),
    path("demo/", accounts.demo_people, name="demo_people"),
]
