import { describe, expect, it } from "vitest";
import { reportPage } from "../../../src/backup/report/report-page.ts";
import { NOW, sampleArchive, sampleFacts } from "./sample-facts.ts";

const HOSTILE = `</title><script>alert(1)</script>"'&`;
const ESCAPED = "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

/** The rows of the table of archives, as text of their cells. */
function rowsOf(page: string): string[] {
	const table = page.slice(page.indexOf('<table class="archives"'));
	return [...table.matchAll(/<tr role="row">(.*)<\/tr>/g)].map(([, row = ""]) =>
		row.replaceAll(/<\/t[hd]>/g, "|").replaceAll(/<[^>]+>/g, ""),
	);
}

describe("reportPage", () => {
	it("asks for nothing from elsewhere, and runs nothing", () => {
		const page = reportPage(sampleFacts(60));
		expect(page).not.toMatch(/<script|javascript:|https?:|url\(|@import| on\w+=/i);
		expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
	});

	it("gives the same bytes for the same facts", () => {
		expect(reportPage(sampleFacts(60))).toBe(reportPage(sampleFacts(60)));
	});

	it("escapes whatever a name or an error holds", () => {
		const { drill } = sampleArchive(4);
		if (drill === undefined) throw new TypeError("the sample has no drill");
		const page = reportPage(
			sampleFacts(1, {
				job: HOSTILE,
				template: HOSTILE,
				archives: [
					{
						...sampleArchive(0),
						key: `${HOSTILE}\u202e\n`,
						keptBy: [HOSTILE],
						drill: { ...drill, ok: false, host: HOSTILE, error: HOSTILE },
					},
				],
			}),
		);
		expect(page).not.toContain("<script");
		expect(page).not.toContain("\u202e");
		expect(page).toContain(`<code>${ESCAPED}\\u{202e}\\u{a}</code>`);
		expect(page.split(ESCAPED).length - 1).toBe(8);
	});

	it("says so where there is nothing to show", () => {
		expect(reportPage(sampleFacts(0))).toContain("There is no archive of this template yet.");
		const one = reportPage(sampleFacts(1));
		expect(one).toContain("There is only one value so far");
		expect(one).toContain("No restore has been tried.");
		const unknown = {
			elapsedMs: undefined,
			entryCount: undefined,
			verified: undefined,
			lockedUntil: undefined,
		};
		const archives = [1, 0].map((age) => ({ ...sampleArchive(age), ...unknown, keptBy: undefined }));
		const page = reportPage(sampleFacts(2, { archives, policy: undefined }));
		expect(page).toContain("every archive stays");
		expect(page).toContain("no archive was read back");
		expect(rowsOf(page)[0]).toBe("Time|Size|");
	});

	it("lists every archive, newest first, and counts them all", () => {
		const rows = rowsOf(reportPage(sampleFacts(2000)));
		expect(rows).toHaveLength(2001);
		expect(rows[0]).toBe("Time|Size|Entries|Took|Verified|Drill|Kept by|Locked until|");
		expect(rows[1]).toBe(
			"2026-11-26 04:00web-1/photos/2026-11-26T04-00-00Z.zip|572 MiB|12,345|2 min 15 s|content|–|newest, last, daily|2026-12-26|",
		);
	});

	it("shows when all of a rolling archive was last made, and has no column for it where there is none", () => {
		expect(reportPage(sampleFacts(2))).not.toContain("Last full");
		const rolled = { ...sampleArchive(0), fullStarted: new Date("2026-11-01T02:30:00Z") };
		const page = reportPage(sampleFacts(2, { archives: [sampleArchive(1), rolled] }));
		expect(page).toContain("Last full");
		expect(rowsOf(page).at(1)).toContain("|2026-11-01|");
		expect(rowsOf(page).at(2)).toContain("|–|");
	});

	it("shows times and days in the zone of the template", () => {
		const archives = [{ ...sampleArchive(0), time: new Date("2026-11-25T23:30:00Z") }];
		const page = reportPage(sampleFacts(1, { timeZone: "Europe/Berlin", archives }));
		expect(page).toContain("Times are in Europe/Berlin.");
		expect(rowsOf(page)[1]).toMatch(/^2026-11-26 00:30/);
		expect(page).toContain("<title>2026-11-26: 1 archive</title>");
	});

	it("names the days without an archive", () => {
		const archives = [40, 3, 0].map((days) => ({
			...sampleArchive(0),
			time: new Date(NOW.getTime() - days * 86_400_000),
		}));
		const page = reportPage(sampleFacts(3, { archives }));
		expect(page).toContain("38 days without an archive");
		expect(page).toContain('<th scope="row">November 2026</th><td class="number">2</td><td>1–22, 24–25</td>');
		expect(page).toContain('<th scope="row">October 2026</th><td class="number">1</td><td>18–31</td>');
	});

	it("says which rule keeps what, and what goes next", () => {
		const policy = { daily: 7, yearly: Number.POSITIVE_INFINITY, min: 2 };
		expect(reportPage(sampleFacts(1, { policy }))).toContain("Keeps 7 daily · all yearly · at least 2.");
		const page = reportPage(sampleFacts(40));
		expect(page).toContain("Keeps 3 last · 14 daily · all within 1m · at least 1.");
		expect(page).toContain('<th scope="row" class="long">daily</th><td class="number">14</td>');
		expect(page).toContain("10 archives go next");
	});

	it("tells the last drill of any archive, whether it passed or not", () => {
		const { drill } = sampleArchive(4);
		if (drill === undefined) throw new TypeError("the sample has no drill");
		const failed = { ...drill, ok: false, at: NOW.toISOString(), error: '"a.txt" differs' };
		const archives = [4, 3].map((age) => ({ ...sampleArchive(age), drill: age === 3 ? failed : drill }));
		const page = reportPage(sampleFacts(2, { archives }));
		expect(page).toContain('<dd class="bad">failed</dd>');
		expect(page).toContain("&quot;a.txt&quot; differs");
		expect(page).toContain("5 %: 618 entries, 29.6 MiB");
	});
});
