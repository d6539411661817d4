"""The real model, where it is installed."""

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from search import semantic
from search.engines import get_engine
from search.semantic.model import ModelUnavailable, OnnxEncoder, fingerprint, get_encoder

FOLDER = Path(os.environ.get("SEARCH_SEMANTIC_MODEL") or Path(django_settings.BASE_DIR) / "var" / "semantic")


@pytest.fixture(scope="module")
def model() -> OnnxEncoder:
    if not (FOLDER / "model.onnx").exists():
        pytest.skip(f"no model in {FOLDER}: run make semantic")
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    return OnnxEncoder(FOLDER)


def test_texts_of_like_meaning_lie_close_together(model):
    question, answer, other = model.encode(
        [
            "隔壁的狗把我咬伤了谁赔钱",
            "饲养的动物造成他人损害的，动物饲养人应当承担侵权责任。",
            "商标注册的有效期为十年。",
        ]
    )
    assert question @ answer > question @ other + 0.1


def test_vectors_have_unit_length_and_do_not_depend_on_their_neighbours(model):
    np = pytest.importorskip("numpy")
    texts = ["离婚", "夫妻一方要求离婚的，可以由有关组织进行调解。" * 40, ""]
    together = model.encode(texts)
    assert together.shape == (3, model.dimensions)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.array_equal(together[0], model.encode(["离婚"])[0])


def test_traditional_characters_mean_the_same(model):
    np = pytest.importorskip("numpy")
    traditional, simplified = model.encode(["離婚後孩子歸誰", "离婚后孩子归谁"])
    assert np.array_equal(traditional, simplified)


def test_no_text_has_no_row(model):
    assert model.encode([]).shape == (0, model.dimensions)


def test_a_missing_model_says_what_to_do(settings, tmp_path):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path
    with pytest.raises(ModelUnavailable, match="make semantic"):
        get_encoder()
    assert "model.onnx" in semantic.status(get_engine()).message


def test_a_damaged_model_is_no_model(settings, tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("damaged")
    settings.SEARCH_SEMANTIC_MODEL = tmp_path
    with pytest.raises(ModelUnavailable):
        get_encoder()
    assert semantic.meaning(get_engine(), "离婚") is None


def test_a_model_that_comes_later_is_found_without_a_restart(settings, tmp_path, model):
    settings.SEARCH_SEMANTIC_MODEL = tmp_path
    with pytest.raises(ModelUnavailable):
        get_encoder()
    for name in ("tokenizer.json", "model.onnx"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    assert get_encoder().fingerprint == model.fingerprint


def test_another_file_is_another_model(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("one")
    first = fingerprint(tmp_path)
    (tmp_path / "tokenizer.json").write_text("other")
    assert fingerprint(tmp_path) != first
