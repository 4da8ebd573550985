"""How model versions, promotions and trainings are searched in lists."""

import django_filters

from candidates.integration.filters import WholeFilter
from candidates.integration.listing import FilterSet
from candidates.models import RunState
from scoring.models import EvidenceVerdict, ModelVersion


class ModelFilters(FilterSet):
    recipe = django_filters.CharFilter()
    state = django_filters.MultipleChoiceFilter(choices=ModelVersion.State.choices)
    evidence = django_filters.MultipleChoiceFilter(choices=EvidenceVerdict.choices)


class PromotionFilters(FilterSet):
    recipe = django_filters.CharFilter(field_name="version__recipe")
    model_version = WholeFilter(field_name="version__number")


class TrainingRunFilters(FilterSet):
    recipe = django_filters.CharFilter()
    state = django_filters.MultipleChoiceFilter(choices=RunState.choices)
