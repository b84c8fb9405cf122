import { html, type Markup, type Piece } from "../../markup/markup.ts";
import type { ReportFacts } from "./report-facts.ts";
import { countWords, durationWords, type ReportWords, shareWords, sizeWords } from "./report-words.ts";
import { lastOf } from "./summary.ts";

/** How the last restore drill went, and how fast a restore is. */
export function drillSection({ archives }: ReportFacts, words: ReportWords): Markup {
	const last = lastOf(archives, ({ drill }) => drill);
	return html`<section aria-labelledby="drill">
<h2 id="drill">Last restore drill</h2>
${last === undefined ? html`<p>No restore has been tried.</p>` : told()}
</section>`;

	function told(): Piece {
		if (last === undefined) return undefined;
		const { fact, archive } = last;
		const seconds = Math.max(fact.elapsedMs / 1000, 0.001);
		return html`<dl class="facts">
<div><dt>Outcome</dt><dd class="${fact.ok ? "good" : "bad"}">${fact.ok ? "passed" : "failed"}</dd></div>
<div><dt>When</dt><dd>${words.minute(new Date(fact.at))}, on ${fact.host}</dd></div>
<div><dt>Archive</dt><dd>${words.minute(archive.time)}</dd></div>
<div><dt>Restored</dt><dd>${shareWords(fact.sample)}: ${countWords(fact.entryCount, "entry", "entries")}, ${sizeWords(fact.size)}</dd></div>
<div><dt>Took</dt><dd>${durationWords(fact.elapsedMs)}, ${sizeWords(Math.round(fact.size / seconds))}/s</dd></div>
${fact.error === undefined ? undefined : html`<div><dt>Error</dt><dd>${fact.error}</dd></div>`}
</dl>`;
	}
}
