/** Columns of answers in words, in both languages; those that are not here are read as they are written. */
import { settings } from "../state/settings.svelte";

const ZH: Record<string, string> = {
  target: "目标", plan: "规划", sector: "行业", item: "项目", indicator: "指标", comparator: "比较", value: "数值", unit: "单位",
  deadline: "期限", verdict: "判断", why: "原因", p: "概率", lower: "下限", median: "中位数", upper: "上限", series: "序列",
  observed: "实际值", observed_period: "实际期", buyer: "买方", source: "来源", value_added_content: "增加值含量",
  face_value: "直接采购", hidden: "隐含部分", multiple: "倍数", importer: "进口方", preset: "定义", hs6: "HS 编码", year: "年份",
  label: "名称", flagged: "已标记", lead: "首要供应方", probability: "概率", next_year: "明年概率", years_flagged: "标记年数",
  imports_usd: "进口额", exports_usd: "出口额", side: "一方", country: "国家", direct: "直接", of_inputs: "占投入", of_output: "占产出",
  all_tiers: "所有层级", partner: "伙伴", share: "份额", hhi: "HHI", speaker: "说话人", date: "日期", horizon: "时间范围", reading: "解读", interval: "区间", basis: "口径", pace: "速度", scale: "尺度", vintage: "版本",
  rules: "官方规则", scenarios: "情景", assessments: "评估", sources: "来源", chance: "概率", verdicts: "判断", readings: "解读", part: "部分", said: "说明",
  rule: "规则", office: "机构", measure: "度量", producer: "发布者", title: "标题", published: "发布日期", quality: "质量",
  path: "路径", kind: "类型", purchases: "采购次数", direction: "方向", reporter: "报告方", same_input: "占同类投入",
  product: "产品", name: "名称", links: "链接数", sold_usd: "该国销售额", rca: "显示性比较优势", market: "市场", seller: "卖方",
  type: "类型", quote_a: "引文甲", quote_b: "引文乙", value_a: "数值甲", value_b: "数值乙", unit_a: "单位甲", unit_b: "单位乙",
  speaker_a: "说话人甲", speaker_b: "说话人乙", said_a: "日期甲", said_b: "日期乙", document_a: "文件甲", document_b: "文件乙",
  claims: "陈述数", absorbed: "最终去向", x: "横坐标", y: "纵坐标", subject: "主体", times: "时间", low: "下端", high: "上端", polarity: "肯定与否", sectors: "行业", plans: "规划", geography: "地域", modality: "语气",
};

const EN: Record<string, string> = {
  rca: "RCA", p: "chance", hs6: "HS code", hhi: "HHI", hhi_imports: "HHI of imports", hhi_world: "HHI of world exports",
  quote_a: "first quote", quote_b: "second quote", value_a: "first value", value_b: "second value", unit_a: "first unit",
  unit_b: "second unit", speaker_a: "first speaker", speaker_b: "second speaker", said_a: "first date", said_b: "second date",
  document_a: "first document", document_b: "second document",
};

export function columnName(column: string): string {
  if (settings.language === "zh" && ZH[column]) return ZH[column];
  const words = EN[column] ?? column.replaceAll("_", " ").replace(/\busd\b/, "USD");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
