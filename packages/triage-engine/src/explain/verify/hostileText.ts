// SPDX-License-Identifier: Apache-2.0
import { collapsedText } from '../../text/oneLine';

// Latin letters that look like others, as injections use them. Only for
// recognising; no text is shown in this form.
const LOOKALIKES = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    ԁ: 'd',
    һ: 'h',
    ո: 'n',
    ս: 'u',
    ɡ: 'g',
    ι: 'i',
    ο: 'o',
    α: 'a',
    ν: 'v',
    ρ: 'p',
    τ: 't',
    κ: 'k',
    м: 'm',
    т: 't',
    к: 'k',
    в: 'b',
    н: 'h',
    А: 'a',
    Е: 'e',
    О: 'o',
    Р: 'p',
    С: 'c',
    Т: 't',
    М: 'm',
    Н: 'h',
    К: 'k',
    В: 'b',
    Х: 'x',
    І: 'i',
    Ѕ: 's',
  }),
);

// What speaks to a model rather than of a failure.
const PATTERNS: readonly RegExp[] = [
  /\b(?:ignor(?:e|ing)|disregard|forget|overrid(?:e|ing)|bypass)\b.{0,40}\b(?:instructions?|prompts?|guidelines|directions|(?:everything|all|anything) (?:above|before|previous|prior)|(?:previous|prior|above|earlier) (?:rules|text|context|messages|data))\b/,
  /\b(?:new|updated|real|following|these|my|your|system|hidden|secret|important) (?:instructions|directives|orders)\b/,
  /\b(?:system|developer|assistant|hidden) (?:prompt|message|override)\b/,
  /\byou (?:are|must|should|shall|will|need to|have to)\b.{0,40}\b(?:an? ai|assistant|language model|chatbot|answer|respond|reply|obey|conclude)\b/,
  /\byou are now\b|\bas an ai\b|\bfrom now on\b/,
  /\b(?:dear|hey|hi|hello|attention|notes? to|notice to|message (?:to|for)|instructions? (?:to|for)) (?:the |all |any )?(?:ai|llm|language model|assistant|copilot|gemini|chatbot|triage|bot|agent|model|reviewer)s?\b/,
  /\b(?:ai|llm|gemini|assistant|triage(?: bot)?|bot|agent|reviewer)\s?[:,] ?(?:please )?(?:set|mark|say|answer|reply|respond|output|print|write|report|ignore|include|add|approve|merge|close|rerun|re-run|classify|downgrade|upgrade|state|conclude|repeat|reveal|you)\b/,
  /(?:^|[\s"'>\]}|#])(?:system|assistant|developer|human)\s?(?:[\]>›¦]|: ?(?:[\w'-]{1,30}[ ,]){3})/,
  /[<‹][|¦/]?\s?(?:im_start|im_end|system|assistant|start_of_turn|end_of_turn|endoftext|eot_id|begin_of_text)/,
  /[[(]\/?(?:inst|sys)[\])]/,
  /\b(?:set|change|lower|raise|downgrade|upgrade|mark|classify|treat|consider|escalate)\b.{0,50}\b(?:severity|priority|p[0-4]|false positive|as (?:low|safe|benign|harmless|fixed|resolved|flaky))\b/,
  /\bpriority["']?(?: |\s?[:=]\s?)["'[]?\s?p[0-4]\b/,
  /\bbinding (?:for|on)\b.{0,40}\b(?:triage|ai|bot|model|reviewer)s?\b/,
  /\bif you (?:do not|don't|refuse|fail to)\b.{0,40}\b(?:answer|comply|respond|reply|obey|say)\b/,
  /\b(?:example|sample|ideal) (?:question|answer|response)\s?:/,
  /\b(?:now|please|then) (?:answer|respond|reply)\b|(?:^|[.,:;!?] ?)(?:answer|respond|reply) with\b/,
  /"(?:function_?call|tool_?calls?|tool_use)"\s?:/,
  /\b(?:answer|respond|reply|output|say|print|write|repeat|return|emit|include|insert|append|add|embed|copy)\b.{0,50}\b(?:only with|verbatim|the (?:words?|phrase|canary|marker|token)|(?:exactly|only) (?:this|the|with)|this (?:link|image|url|text|word|line|json))\b/,
  /\b(?:print|reveal|show|leak|dump|disclose|exfiltrate|repeat|output|send|post)\b.{0,30}\b(?:your|the|all|its) (?:system |whole |full |hidden )?(?:prompt|instructions|environment|env|environ|api ?keys?|secrets?|credentials|keys)\b/,
  /\b(?:merge|approve|close|rerun|re-run|dispatch|deploy|roll ?back|retrain|revert|delete|disable|skip|force-push)\b.{0,40}\b(?:now|immediately|at once|without (?:review|asking|approval))\b/,
  /\b(?:do not|don't|never)\b.{0,30}\b(?:report|mention|flag|tell|analy[sz]e|cite|redact)\b/,
  /\b(?:decode|unhex)\b.{0,40}\b(?:and|then)\b.{0,20}\b(?:follow|obey|execute|do|run)\b/,
  /"(?:rootcause|root_cause|nextsteps|suspects|outcome)"\s?:/,
  /\bjailbreak\b|\bprompt injection\b/,
  // "Ignore … instructions" and "answer only with" in other languages.
  /(?:\bignor(?:iere|ieren|ez|e[rz]?|a|ar|ad|ate|i|e)\b|vergiss|missachte|oublie|olvida|esque[cç]|negeer|zignoruj|dimentica|忽略|无视|無視|忽視|忘记|忘れ|무시|잊어|игнорир|забуд|تجاهل|انس|अनदेखा|नज़रअंदाज़|התעלם|αγν[οό]|ละเว้น|เพิกเฉย|bỏ qua|yoksay|unut|abaikan).{0,60}(?:instru|anweis|anleitung|regel|r[eè]gle|regla|regra|opdracht|polece|consign|指示|指令|提示|命令|지시|명령|инструкц|указан|التعليمات|تعليمات|निर्देश|הוראות|οδηγί|คำสั่ง|hướng dẫn|chỉ dẫn|talimat|instruksi)/,
  /(?:指示|指令|提示|命令|지시|명령|निर्देश|talimat).{0,30}(?:無視|忽略|忘れ|무시|अनदेखा|नज़रअंदाज़|yoksay|unut)/,
  /(?:antworte|r[eé]pond(?:s|ez|re)|responde|rispondi|odpowiedz|antwoord|回答|回复|答え|답하|ответь|أجب|उत्तर).{0,40}(?:nur|uniquement|seulement|solo|s[oó]lo|apenas|soltanto|tylko|alleen|只|仅|だけ|만|только|فقط|केवल)/,
];

// What only pretends to be the log, the prompt or the page that shows it. The
// text of a log is kept without time stamps and colours, so those are forged.
const FORGED: readonly RegExp[] = [
  /\bl\d{1,9}[|¦]|\blog [a-z] file=|\bsource["']?\s?:.{0,80}\bquote["']?\s?:/,
  /[\u27e6\u27e7]|\bdata [0-9a-f]{16,32}\b/,
  /\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d\.\d{7}z/,
  /^::[a-z-]{2,30}(?: [\w=,.-]{1,200})?::/,
  /\]8;;/,
  /!\[[^\]]{0,200}\][([]|\[[^\]]{1,200}\]\((?:https?:|javascript:|data:|\/\/)|^\[[^\]]{1,80}\]: ?https?:/,
  /<(?:img|iframe|script|svg|object|embed|\/?details|\/?summary|!--)|<a [^>]{0,200}href/,
  /<(?:https?:|mailto:|!(?:channel|here|everyone|subteam)|@[uw][a-z0-9]{6,})/,
  /<https?:\/\/[^>]{1,400}[|>]/,
  /(?:^|\s)cc:? @\w|\b(?:fixes|closes|resolves):? (?:#|gh-)\d/,
  /^\/(?:approve|retest|lgtm|merge|close|reopen|assign|label|hold|rerun|cherry-pick|deploy|promote)\b/,
  /^(?:`{3}|~{3})/,
  /^(?:[>›] ?)?\[!(?:note|tip|important|warning|caution)\]/,
];

const MAX_CHARACTERS = 4_000;

/** A text in small Latin letters, whatever its letters look like. */
export function recognisable(text: string): string {
  const lower = collapsedText(text).normalize('NFKC').toLowerCase();
  return lower.replace(
    /[^\x20-\x7e]/g,
    letter => LOOKALIKES.get(letter) ?? letter,
  );
}

function printable(decoded: string): string[] {
  return /^[\p{L}\p{N}\p{P}\p{S}\p{Z}\s]{8,}$/u.test(decoded) ? [decoded] : [];
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, letter => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(
      ((letter.charCodeAt(0) - base + 13) % 26) + base,
    );
  });
}

function percentDecoded(text: string): string[] {
  try {
    return [decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))];
  } catch {
    return [];
  }
}

/** The text itself, and what it says after one decoding. */
export function readings(whole: string): string[] {
  const text = whole.slice(0, MAX_CHARACTERS);
  const base64 = (text.match(/[A-Za-z0-9+/_-]{16,2000}={0,2}/g) ?? [])
    .slice(0, 20)
    .flatMap(run => printable(Buffer.from(run, 'base64').toString('utf8')));
  const hex = (text.match(/(?:[0-9a-fA-F]{2}){10,1000}/g) ?? [])
    .slice(0, 20)
    .flatMap(run => printable(Buffer.from(run, 'hex').toString('utf8')));
  return [
    text,
    rot13(text),
    [...text].reverse().join(''),
    ...(text.includes('%') ? percentDecoded(text) : []),
    ...base64,
    ...hex,
  ];
}

/**
 * Whether a text seems to speak to a model, or forges what only we write. Such a
 * line proves nothing, and a statement that uses its words is not believed. It
 * is a heuristic: what it misses still changes no decision, since none is taken
 * from a model.
 */
export function isHostileText(text: string): boolean {
  return readings(text).some(reading => {
    const seen = collapsedText(reading).normalize('NFKC').toLowerCase();
    const latin = recognisable(reading);
    return (
      FORGED.some(pattern => pattern.test(seen)) ||
      PATTERNS.some(pattern => pattern.test(latin) || pattern.test(seen))
    );
  });
}
