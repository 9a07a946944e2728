"""Papers: widths of columns by what stands in them, certificates in their frame."""

import io

from docx import Document

from portal.kernel import documents
from portal.kernel.documents import Certificate, Certificates, fitted


def test_columns_of_figures_are_narrow_and_text_shares_the_rest():
    heads = ["规则", "日期", "事由", "数量", "分数", "说明"]
    rows = [["不按规定佩戴工作牌上岗的" * 3, "2026-10-12", "当日检查发现窗口人员离岗未报告" * 3, "1 次", "−0.5", ""]]
    widths = fitted(heads, rows, documents.UPRIGHT)
    assert abs(sum(widths) - documents.UPRIGHT) < 0.1
    rule, day, what, amount, points, note = widths
    assert rule > day > amount > 1
    assert what > day
    assert max(amount, points, note) < 2
    assert sum(fitted(heads, [], documents.UPRIGHT)) < documents.UPRIGHT + 0.1, "a table without rows too"
    wide = fitted(["科室", *["平均审批用时"] * 12], [["综合业务科室", *["100.0%"] * 12]], documents.LYING, 10)
    assert (wide[0] > 2.6, wide[1] > 1.7) == (True, True), "a name and a figure are not broken for long headings"
    short = fitted(["序号", "科室"], [["1", "办公室"]], documents.UPRIGHT)
    assert abs(sum(short) - documents.UPRIGHT) < 0.1, "the whole width, however little there is to say"


def test_certificates_stand_in_a_frame_one_to_a_page():
    one = Certificate("流动红旗", "办公室：", ("授予“流动红旗”。", "特发此证。"), "示例局", "2026 年 11 月 20 日")
    made = Document(io.BytesIO(Certificates([one, one]).bytes()))
    section = made.sections[0]
    assert section.page_width > section.page_height
    parts = [child.tag.rpartition("}")[2] for child in section._sectPr]
    assert parts.index("pgBorders") == parts.index("pgMar") + 1, "Word refuses them in another order"
    titles = [p for p in made.paragraphs if p.text == "流动红旗"]
    assert [bool(p.paragraph_format.page_break_before) for p in titles] == [False, True]
    assert all(p.runs[0].font.size.pt == 38 and str(p.runs[0].font.color.rgb) == "B3322B" for p in titles)
