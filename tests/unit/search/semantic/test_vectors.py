"""The vectors of all documents, kept in files that processes share."""

import multiprocessing

import pytest

np = pytest.importorskip("numpy")

from search.semantic.leaning import leaned  # noqa: E402
from search.semantic.texts import Entry, digest  # noqa: E402
from search.semantic.vectors import VectorIndex  # noqa: E402

SIZE = 8


def unit(place: int, other: int = 0, share: float = 0.0):
    """A vector of unit length along one axis, leaning towards another."""
    vector = np.zeros(SIZE, np.float32)
    vector[place] += 1 - share
    vector[other] += share
    return vector / np.linalg.norm(vector)


def entry(key: str, *texts: str, group: int = 0, heads: int = 0) -> Entry:
    return Entry(key, key.partition(":")[0], group, 0, 1.0, heads or len(texts), tuple(map(digest, texts)))


def keys(index: VectorIndex, vector, k: int = 10, kinds=()) -> list[str]:
    view = index.view()
    return [one.key for one, _ in view.nearest(view.cosines(vector), k, kinds)]


@pytest.fixture
def index(tmp_path) -> VectorIndex:
    index = VectorIndex(tmp_path / "model", SIZE)
    index.note([entry("article:1", "a"), entry("article:2", "b"), entry("guide:3", "c", "d")])
    index.add({digest("a"): unit(0), digest("b"): unit(1), digest("c"): unit(2), digest("d"): unit(0, 3, 0.3)})
    return index


def test_the_nearest_come_first_with_their_cosine(index):
    view = index.view()
    found = view.nearest(view.cosines(unit(0)), 2)
    assert [one.key for one, _ in found] == ["article:1", "guide:3"]
    assert found[0][1] == pytest.approx(1, abs=0.01)
    guide = leaned(np.stack([unit(2), unit(0, 3, 0.3)]), 2)
    assert found[1][1] == pytest.approx(max(guide @ unit(0)), abs=0.01)


def test_a_document_is_as_near_as_the_nearest_of_its_texts(index):
    assert keys(index, unit(2))[0] == "guide:3"
    assert keys(index, unit(3))[0] == "guide:3"


def test_the_texts_of_a_page_lean_towards_what_it_is_about(tmp_path):
    random = np.random.default_rng(2)
    sizes = [1, 4, 2, 1, 7]
    vectors = random.standard_normal((sum(sizes), SIZE)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index, expected, names = VectorIndex(tmp_path, SIZE), [], iter(map(str, range(sum(sizes))))
    question = unit(1, 5, 0.4)
    for number, (own, size) in enumerate(zip(np.split(vectors, np.cumsum(sizes)[:-1]), sizes, strict=True)):
        texts = [next(names) for _ in range(size)]
        index.note([entry(f"guide:{number}", *texts, heads=(size + 1) // 2)])
        index.add({digest(text): vector for text, vector in zip(texts, own, strict=True)})
        expected.append((leaned(own, (size + 1) // 2) @ question).max())
    assert index.view().cosines(question) == pytest.approx(expected, abs=0.02)
    assert leaned(vectors[:1], 1) == pytest.approx(vectors[:1])
    centre = vectors[:2].sum(axis=0)
    assert min(leaned(vectors[:4], 2) @ centre > vectors[:4] @ centre)


def test_only_the_kinds_that_were_asked_for(index):
    assert keys(index, unit(0), kinds=("guide",)) == ["guide:3"]
    assert keys(index, unit(0), kinds=("lesson",)) == []


def test_an_empty_index_has_nothing_near(tmp_path):
    index = VectorIndex(tmp_path / "nothing", SIZE)
    assert keys(index, unit(0)) == []
    assert index.missing() == []
    assert index.view().coverage == 0


def test_eight_bits_keep_the_cosine_of_any_vector(tmp_path):
    random = np.random.default_rng(1)
    vectors = random.standard_normal((3000, SIZE)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = VectorIndex(tmp_path, SIZE)
    names = [str(number) for number in range(len(vectors))]
    index.note([entry(f"article:{name}", name) for name in names])
    index.add({digest(name): vector for name, vector in zip(names, vectors, strict=True)})
    view = index.view()
    assert view.keys == [f"article:{name}" for name in names]
    assert np.abs(view.cosines(vectors[7]) - vectors @ vectors[7]).max() < 0.02


def test_what_one_process_writes_another_sees(index, tmp_path):
    other = VectorIndex(tmp_path / "model", SIZE)
    assert keys(other, unit(1))[0] == "article:2"
    index.note([entry("article:4", "e")], gone=["article:2"])
    assert other.missing() == ["article:4"]
    index.add({digest("e"): unit(5)})
    assert keys(other, unit(5))[0] == "article:4"
    assert "article:2" not in keys(other, unit(1))


def test_a_changed_document_waits_for_its_vector(index):
    index.note([entry("article:1", "changed")])
    assert "article:1" not in keys(index, unit(0))
    assert index.missing() == ["article:1"]


def test_a_text_that_comes_back_needs_no_new_vector(index):
    index.note(gone=["article:1"])
    index.note([entry("article:9", "a")])
    assert index.lacking([digest("a"), digest("new")]) == {digest("new")}
    assert keys(index, unit(0))[0] == "article:9"


def test_pruning_drops_only_what_no_document_uses(index, tmp_path):
    other = VectorIndex(tmp_path / "model", SIZE)
    other.view()
    index.replace_documents([entry("article:2", "b"), entry("guide:3", "c", "d")])
    size = index.size()
    assert index.prune() == 1
    assert index.size() < size
    assert index.prune() == 0
    for each in (index, other):
        assert keys(each, unit(1))[0] == "article:2"
        assert keys(each, unit(3))[0] == "guide:3"
        assert each.missing() == []


@pytest.mark.parametrize("torn", [1, 5, 27])
def test_what_a_crash_cut_short_is_dropped(index, tmp_path, torn):
    for name in ("vectors", "listed"):
        path = tmp_path / "model" / name
        content = path.read_bytes()
        path.write_bytes(content + content[:torn].replace(b"\n", b" "))
    other = VectorIndex(tmp_path / "model", SIZE)
    assert keys(other, unit(0))[0] == "article:1"
    other.note([entry("article:5", "f")])
    other.add({digest("f"): unit(6)})
    for each in (index, other, VectorIndex(tmp_path / "model", SIZE)):
        assert keys(each, unit(6))[0] == "article:5"
        assert keys(each, unit(0))[0] == "article:1"
        assert each.missing() == []


def _write(folder, process: int) -> None:
    index = VectorIndex(folder, SIZE)
    for number in range(20):
        text = f"{process}-{number}"
        index.note([entry(f"article:{process * 100 + number}", text)])
        index.add({digest(text): unit(process)})
        if number == 10:
            index.prune()


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(tmp_path, number)) for number in (1, 2)]
    for process in processes:
        process.start()
    reader = VectorIndex(tmp_path, SIZE)
    while any(process.is_alive() for process in processes):
        keys(reader, unit(1))
        processes[0].join(0.01)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(reader.view().entries) == 40
    assert reader.missing() == []
