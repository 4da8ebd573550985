"""The gate's words for templates that have only what is stored."""

from django import template

from scoring import verdicts

register = template.Library()


@register.simple_tag
def verdict_in_words(stored: object) -> verdicts.Verdict | None:
    """``{% verdict_in_words version.verdict as verdict %}``"""
    return verdicts.verdict(stored)


@register.simple_tag
def fairness_in_words(stored: object) -> verdicts.Fairness | None:
    """``{% fairness_in_words version.card.fairness as fairness %}``"""
    return verdicts.fairness(stored)
