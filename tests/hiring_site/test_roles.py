"""What every address answers to every role, for a job and a person under blind review.

Columns: administrator, recruiter, auditor, hiring manager of the job, hiring manager of another job,
integration, somebody without a role. First what reading answers, then what sending does. 200 and 302:
allowed; 4xx other than 403, 404 and 405: allowed, but nothing sensible was sent; 403: seen but not allowed;
404: not there for that person.
"""

import logging

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from tests.hiring_site.marked import ROLES, admin_addresses, example, make_world, patterns
from tests.hiring_site.test_nobody_is_told import FORMS, QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

TABLE = """
home                               200 200 200 200 200 200 200 | 405 405 403 405 405 405 405
notifications                      200 200 200 200 200 200 200 | 405 405 403 405 405 405 405
read_notifications                 405 405 405 405 405 405 405 | 302 302 302 302 302 302 302
notification                       302 302 302 302 302 302 403 | 405 405 403 405 405 405 403
jobs:job_list                      200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
jobs:job_new                       200 200 403 403 403 403 403 | 200 200 403 403 403 403 403
jobs:import_list                   200 403 200 403 403 403 403 | 405 405 403 405 405 405 403
jobs:import_new                    200 403 403 403 403 403 403 | 422 403 403 403 403 403 403
jobs:import_detail                 200 403 200 403 403 403 403 | 405 405 403 405 405 405 403
jobs:import_again                  405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
jobs:candidate_prospects           200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
jobs:undo_move                     405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:board                         200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
jobs:move                          200 200 403 403 403 403 403 | 302 302 403 403 403 403 403
jobs:prospect_history              200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
jobs:access_add                    405 405 405 405 405 405 403 | 400 400 403 403 403 403 403
jobs:access_blind                  405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:access_remove                 405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:access                        200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
jobs:job_edit                      200 200 403 403 403 403 403 | 200 200 403 403 403 403 403
jobs:job_status                    405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:requirement_suggest           200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
jobs:requirement_add               405 405 405 405 405 405 403 | 422 422 403 403 403 403 403
jobs:requirement_change            405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:requirement_propose           405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:requirement_undo              405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
jobs:requirements                  200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
jobs:job_detail                    200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
candidates:candidate_list          200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
candidates:export                  302 302 302 302 302 302 403 | 302 302 403 302 302 302 403
candidates:add_to_job              405 405 405 405 405 405 403 | 307 307 403 403 403 403 403
candidates:searches                200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
candidates:search_save             405 405 405 405 405 405 403 | 302 302 403 302 302 302 403
candidates:search_restore          405 405 405 405 405 405 403 | 302 302 403 302 302 302 403
candidates:search_open             302 302 302 302 302 302 403 | 405 405 403 405 405 405 403
candidates:search_edit             405 405 405 405 405 405 403 | 404 302 403 404 404 404 403
candidates:search_check            405 405 405 405 405 405 403 | 404 302 403 404 404 404 403
candidates:search_delete           405 405 405 405 405 405 403 | 404 302 403 404 404 404 403
candidates:upload                  200 200 403 403 403 403 403 | 422 422 403 403 403 403 403
candidates:documents_waiting       200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
candidates:upload_batch            200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
candidates:document_confirm        403 403 403 403 403 403 403 | 403 403 403 403 403 403 403
candidates:document_download       403 403 403 403 404 403 403 | 405 405 403 405 405 405 403
candidates:document_retry          405 405 405 405 405 405 403 | 403 403 403 403 403 403 403
candidates:document_discard        405 405 405 405 405 405 403 | 403 403 403 403 403 403 403
candidates:document_restore        405 405 405 405 405 405 403 | 404 404 403 403 403 403 403
candidates:documents               200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
candidates:candidate_new           200 200 403 403 403 403 403 | 200 200 403 403 403 403 403
candidates:note_edit               403 403 403 403 404 403 403 | 403 403 403 403 404 403 403
candidates:note_delete             405 405 405 405 405 405 403 | 403 302 403 403 404 403 403
candidates:note_restore            405 405 405 405 405 405 403 | 403 302 403 403 404 403 403
candidates:duplicates              200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
candidates:duplicate_pair          403 403 403 403 403 403 403 | 405 405 403 405 405 405 403
candidates:dismiss_duplicate       405 405 405 405 405 405 403 | 404 404 403 403 403 403 403
candidates:reopen_duplicate        405 405 405 405 405 405 403 | 404 404 403 403 403 403 403
candidates:undo_merge              405 405 405 405 405 405 403 | 403 403 403 403 403 403 403
candidates:merge                   405 405 405 405 405 405 403 | 404 404 403 403 403 403 403
candidates:choose_duplicate        403 403 403 403 403 403 403 | 405 405 403 405 405 405 403
candidates:candidate_edit          403 403 403 403 403 403 403 | 403 403 403 403 403 403 403
candidates:candidate_timeline      200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
candidates:notes                   200 200 200 200 404 200 403 | 302 302 403 302 404 403 403
candidates:tag_remove              405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
candidates:tag_restore             405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
candidates:tags                    200 200 200 200 404 200 403 | 302 302 403 403 404 403 403
candidates:webhooks                200 403 403 403 403 403 403 | 405 405 403 405 405 405 403
candidates:webhook_new             200 403 403 403 403 403 403 | 400 403 403 403 403 403 403
candidates:webhook                 200 403 403 403 403 403 403 | 405 405 403 405 405 405 403
candidates:webhook_edit            200 403 403 403 403 403 403 | 400 403 403 403 403 403 403
candidates:webhook_delete          200 403 403 403 403 403 403 | 302 403 403 403 403 403 403
candidates:webhook_rotate          405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
candidates:webhook_switch          405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
candidates:webhook_test            405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
candidates:webhook_replay_failed   405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
candidates:webhook_delivery        200 403 403 403 403 403 403 | 405 405 403 405 405 405 403
candidates:webhook_delivery_replay 405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
candidates:access_log              200 403 200 403 403 403 403 | 405 405 403 405 405 405 403
candidates:policy                  200 403 200 403 403 403 403 | 200 403 403 403 403 403 403
candidates:api_keys                200 403 403 403 403 403 403 | 405 405 403 405 405 405 403
candidates:api_key_new             200 403 403 403 403 403 403 | 400 403 403 403 403 403 403
candidates:api_key_rotate          200 403 403 403 403 403 403 | 400 403 403 403 403 403 403
candidates:api_key_revoke          200 403 403 403 403 403 403 | 302 403 403 403 403 403 403
candidates:reveal                  200 200 403 403 403 403 403 | 200 200 403 403 403 403 403
candidates:candidate_detail        200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:request_ranking            405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
scoring:export_ranking             200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:selected                   302 302 302 302 404 302 403 | 200 200 403 200 404 200 403
scoring:neighbours                 200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:elsewhere                  302 302 302 302 404 302 403 | 405 405 403 405 405 405 403
scoring:preferences                405 405 405 405 405 405 405 | 302 302 302 302 302 302 302
scoring:compare                    200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:similar                    200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:other_jobs                 200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:try_candidate              200 200 403 403 403 403 403 | 422 422 403 403 403 403 403
scoring:feedback                   405 405 405 405 405 405 403 | 302 302 403 302 404 403 403
scoring:save_weights               405 405 405 405 405 405 403 | 302 302 403 403 403 403 403
scoring:weights                    200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:more_like                  200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:job_ranking                200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:ranking_progress           302 302 302 302 404 302 403 | 405 405 403 405 405 405 403
scoring:candidate_predictions      200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:board_requirements         302 302 302 302 404 302 403 | 405 405 403 405 405 405 403
scoring:prediction_requirements    302 302 302 302 404 302 403 | 405 405 403 405 405 405 403
scoring:prediction_detail          200 200 200 200 404 200 403 | 405 405 403 405 405 405 403
scoring:model_list                 200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
scoring:model_detail               200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
scoring:model_fields               200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
scoring:model_compare              200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
scoring:model_review               200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
scoring:mark                       405 405 405 405 405 405 403 | 400 400 403 403 403 403 403
scoring:model_thresholds           200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
scoring:further                    302 302 302 302 302 302 403 | 302 403 403 403 403 403 403
scoring:promote                    200 403 403 403 403 403 403 | 422 403 403 403 403 403 403
scoring:judge                      302 403 403 403 403 403 403 | 302 403 403 403 403 403 403
scoring:rank_changes               200 403 403 403 403 403 403 | 302 403 403 403 403 403 403
scoring:train                      405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
scoring:training_run_detail        200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
monitoring:drift                   200 200 200 200 200 200 403 | 405 405 403 405 405 405 403
monitoring:run_drift               405 405 405 405 405 405 403 | 302 403 403 403 403 403 403
health                             200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
health-live                        200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
version                            200 200 200 200 200 200 403 | 405 405 405 405 405 405 405
api-token                          405 405 405 405 405 405 405 | 415 415 415 415 415 415 415
api-predict                        405 405 405 405 405 405 405 | 415 415 403 403 403 415 403
api-prediction                     200 200 200 200 404 200 403 | 405 405 405 405 405 405 405
api-models                         200 200 200 200 200 200 403 | 405 405 405 405 405 405 405
api-train                          405 405 405 405 405 405 405 | 415 403 403 403 403 403 403
api-training-run                   200 200 200 200 200 200 403 | 405 405 405 405 405 405 405
api-ranking                        200 200 200 200 404 200 403 | 202 202 403 403 403 202 403
api-webhooks                       200 403 403 403 403 200 403 | 415 403 403 403 403 415 403
api-webhook                        404 403 403 403 403 200 403 | 405 405 405 405 405 405 405
api-webhook-rotate                 405 405 405 405 405 405 405 | 404 403 403 403 403 200 403
api-webhook-test                   405 405 405 405 405 405 405 | 404 403 403 403 403 202 403
api-webhook-replay                 405 405 405 405 405 405 405 | 404 403 403 403 403 415 403
api-deliveries                     404 403 403 403 403 200 403 | 405 405 405 405 405 405 405
api-delivery                       404 403 403 403 403 200 403 | 405 405 405 405 405 405 405
api-delivery-replay                405 405 405 405 405 405 405 | 404 403 403 403 403 202 403
api-schema                         200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
api-docs                           200 200 200 200 200 200 200 | 405 405 405 405 405 405 405
"""
# What they answer is not a matter of roles
OTHERS = {"favicon.ico", "login", "logout", "set_language", "health-ready"}


def expected():
    for line in TABLE.strip().splitlines():
        name, *statuses = line.replace("|", " ").split()
        yield name, statuses[: len(ROLES)], statuses[len(ROLES) :]


EXPECTED = {name: (reading, sending) for name, reading, sending in expected()}


@pytest.fixture
def world(db):
    logging.disable(logging.CRITICAL)  # every refusal would be written with its trace
    yield make_world()
    logging.disable(logging.NOTSET)


def test_every_address_has_its_line():
    names = {name for name, _pattern in patterns() if not name.startswith("admin:")}
    of_the_api = {name for name in names - set(EXPECTED) if name.startswith("api-")}  # test_api_permissions
    assert names - OTHERS - of_the_api == set(EXPECTED), "say in the table what each role gets there"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(role, client, world):
    cache.clear()  # others of the suite asked for tokens, too: the throttle counts by address
    column = ROLES.index(role)
    client.force_login(world.seen_by(role))
    wrong = []
    for name, pattern in patterns():
        if name not in EXPECTED:
            continue
        address = reverse(name, kwargs=example(name, pattern, world))
        reading, sending = (statuses[column] for statuses in EXPECTED[name])
        got = client.get(address, QUERIES.get(name, dict_of_nothing)(world)).status_code
        wrong += [f"GET {name}: {got}, not {reading}"] if str(got) != reading else []
        got = _sent(client, name, address, world)
        wrong += [f"POST {name}: {got}, not {sending}"] if str(got) != sending else []
    assert not wrong, "\n".join(wrong)


def dict_of_nothing(world):
    return {}


def _sent(client, name, address, world):
    """What it answers to a form; whatever that did is taken back."""
    before = transaction.savepoint()
    status = client.post(address, FORMS.get(name, dict_of_nothing)(world)).status_code
    transaction.savepoint_rollback(before)
    return status


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_opens_to_administrators_and_lets_auditors_read(role, client, world):
    client.force_login(world.seen_by(role))
    for name, address in admin_addresses(world):
        read, sent = client.get(address).status_code, client.post(address).status_code
        if role == "administrator":
            # Some rows nobody adds, changes or deletes; keys are made where they are shown once
            assert read in (200, 403) or name == "admin:candidates_apikey_add", name
        elif role == "auditor":
            assert read == (403 if name.endswith(("_add", "_delete")) else 200), name
            assert sent == 403, name
        else:
            assert read == sent == 302, name


def test_what_is_not_ones_own_cannot_be_told_from_what_is_not_there(client, world):
    """No address says to the manager of another job that this job or this person exists."""
    client.force_login(world.seen_by("stranger"))
    nowhere = "no-such-code"
    for name, pattern in patterns():
        codes = {"code", "candidate"} & set(pattern.pattern.converters)
        if name.startswith("admin:") or not codes or name.startswith("^"):
            continue
        params = example(name, pattern, world)
        for sends in (client.get, client.post):
            there = sends(reverse(name, kwargs=params))
            missing = sends(reverse(name, kwargs=params | dict.fromkeys(codes, nowhere)))
            assert there.status_code == missing.status_code, name
