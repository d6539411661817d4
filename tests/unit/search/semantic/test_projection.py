"""The correction of questions' vectors: learned, kept, and never applied to vectors of another model."""

import numpy as np
import pytest

from search.evaluation import Figures, Judged, merged
from search.semantic.learning import folds
from search.semantic.projection import Projection, corrected, learn, using

DIMENSIONS = 16


@pytest.fixture
def taught():
    """Questions and answers: what answers lies one and the same way from what is asked."""
    random = np.random.default_rng(7)
    questions = _unit(random.normal(size=(400, DIMENSIONS)))
    return questions, _unit(questions @ _turn(random))


def _turn(random):
    return np.eye(DIMENSIONS) + 0.4 * random.normal(size=(DIMENSIONS, DIMENSIONS)) / DIMENSIONS**0.5


def _unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _nearness(questions, answers):
    return float((questions * answers).sum(axis=1).mean())


def test_questions_that_taught_nothing_come_nearer_to_their_answers(taught):
    questions, answers = taught
    projection = learn(questions[:300], answers[:300], "m")
    after = projection(questions[300:])
    assert _nearness(after, answers[300:]) > _nearness(questions[300:], answers[300:])
    assert np.linalg.norm(after, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_needs_no_correction_is_left_alone(taught):
    questions, _ = taught
    assert learn(questions, questions, "m")(questions) == pytest.approx(questions, abs=1e-6)


def test_it_is_kept_in_a_file(taught, tmp_path, settings):
    projection = learn(*taught, "m")
    settings.SEARCH_SEMANTIC_PROJECTION = tmp_path / "projection.npz"
    projection.save(settings.SEARCH_SEMANTIC_PROJECTION)
    loaded = Projection.load(settings.SEARCH_SEMANTIC_PROJECTION)
    vector = taught[0][0]
    assert loaded.model == "m"
    assert corrected(vector, "m") == pytest.approx(projection(vector[None])[0], abs=1e-3)


def test_vectors_of_another_model_and_without_a_file_stay_as_they_are(taught, tmp_path, settings):
    settings.SEARCH_SEMANTIC_PROJECTION = tmp_path / "none.npz"
    vector = taught[0][0]
    assert corrected(vector, "m") is vector
    with using(learn(*taught, "m")):
        assert corrected(vector, "another") is vector
        assert corrected(vector, "m") is not vector
        with using(None):
            assert corrected(vector, "m") is vector


def test_no_two_parts_share_an_answer():
    questions = [Judged(str(number), frozenset(map(str, keys))) for number, keys in enumerate(
        [{1}, {2}, {1, 3}, {3, 4}, {5}, {6}, {2, 6}, {7}, {8}]
    )]  # fmt: skip
    parts = folds(questions, 3)
    assert sorted(question.text for part in parts for question in part) == sorted(q.text for q in questions)
    keys = [frozenset().union(*(question.keys for question in part)) for part in parts]
    assert len(keys[0] | keys[1] | keys[2]) == sum(map(len, keys))
    assert sorted(map(len, parts)) == [3, 3, 3]


def test_the_figures_of_parts_are_weighed_by_their_questions():
    parts = [
        Figures(questions=1, mrr=1.0, recall={10: 0.0}, ndcg=0.4, ms_mean=10, ms_p95=20),
        Figures(questions=3, mrr=0.0, recall={10: 1.0}, ndcg=0.0, ms_mean=30, ms_p95=60),
    ]
    whole = merged(parts)
    assert (whole.questions, whole.mrr, whole.recall, whole.ms_mean, whole.ms_p95) == (4, 0.25, {10: 0.75}, 25, 60)
    assert whole.ndcg == pytest.approx(0.1)
