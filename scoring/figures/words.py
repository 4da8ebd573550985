"""What a model's pages call things."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scoring.reason_table import GROUPS

Words = Mapping[str, Promise]


@dataclass(frozen=True)
class Badge:
    """A state as one word or two; ``style`` is a class of the style sheet."""

    words: str | Promise
    style: str = ""
    icon: str = ""


NOT_MEASURED = Badge(_("not measured"))
EVIDENCE: Mapping[str, Badge] = {
    "strong": Badge(_("strong evidence"), "badge-good", "check"),
    "some": Badge(_("some evidence"), "badge-info", "half"),
    "none": Badge(_("no evidence"), "badge-warn", "warning"),
}
NOT_JUDGED = Badge(_("not judged"))
GATE: Mapping[bool, Badge] = {
    True: Badge(_("passed"), "badge-good", "check"),
    False: Badge(_("not passed"), "badge-bad", "cross"),
}

BASELINES: Words = {
    "prevalence": _("everybody gets the average"),
    "job_only": _("a model that sees the job and nobody's CV"),
    "job_mean": _("everybody in a job gets the job's mean score"),
    "application_order": _("who applied first stands first"),
    "job_outcome": _("everybody in a job gets its hire rate, known only afterwards"),
}
INSIDE: Words = {
    "roc_auc": _("a hired person stands above one who was not"),
    "hit_10": _("a hire among the first ten"),
    "hit_50": _("a hire among the first fifty"),
    "precision_1": _("the first one was hired"),
    "precision_3": _("share of hires in the first three"),
    "precision_5": _("share of hires in the first five"),
    "mrr": _("mean reciprocal rank of the first hire"),
    "ndcg_5": _("NDCG of the first five"),
    "ndcg_10": _("NDCG of the first ten"),
}
WINDOWS: Words = {
    "train": _("learned from"),
    "calibration": _("made the probabilities honest on"),
    "validation": _("chose the threshold on"),
    "test": _("measured on, untouched before"),
}
SLICES: Words = {
    "year": _("Year"),
    "area": _("Area"),
    "seniority": _("Level"),
    "jobs_with_one": _("Jobs with one candidate"),
    "without_biggest_client": _("Without the biggest client"),
}
OVERALL: Words = {
    "roc_auc": _("ROC-AUC"),
    "average_precision": _("Average precision"),
    "brier": _("Brier score"),
    "expected_calibration_error": _("Calibration error"),
}
LOWER_IS_BETTER = frozenset({"brier", "expected_calibration_error"})

PARTS: Words = {
    "job": _("whether the job gets filled"),
    "choice": _("who was taken of those who applied for one job"),
    "person": _("what the person adds to what the job says"),
}

# The recipe with parts left out (scoring.ml.recipes.ABLATIONS)
ABLATION: Words = {
    "peneira": _("nothing left out"),
    "without choice": _("without: who was taken of those who applied for one job"),
    "without person": _("without: what the person adds to what the job says"),
    "without topics": _("without: what the job's text is about"),
    "job alone": _("only: whether the job gets filled"),
    "choice alone": _("only: who was taken of those who applied for one job"),
    "one booster for everything": _("one model for everything, in place of the three parts"),
}

# What a recipe is for, one line each (scoring.ml.recipes)
RECIPES: Words = {
    "peneira": _("The one to use: how likely the job is filled, and who stands out inside it."),
    "prec80": _("Looks at the candidate alone and cuts where four of five marked people were hired."),
    "matching": _("Compares the texts of CV and job, by words and topics."),
    "forest": _("A random forest on how well candidate and job match; simple, good to compare with."),
}

# The groups of features as everywhere; of these the card speaks in general, not of one person and one job
FEATURE_GROUPS: Words = {
    **GROUPS,
    "required_skills": _("Required skills"),
    "text_match": _("CV close to the job's text"),
    "title": _("Title and headline"),
    "contact": _("Contact data on file"),
    "job_demand": _("The job: demand and urgency"),
    "job_record": _("The job: how often such jobs were filled"),
    "job_profile": _("The job: what it asks"),
}
OTHER_FEATURES = _("Other facts")
