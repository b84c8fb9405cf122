import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { drawFilm } from "../../scripts/terminal/film.ts";
import { Screen } from "../../scripts/terminal/screen.ts";

function shown(...written: readonly string[]): string[] {
	const screen = new Screen(10);
	for (const text of written) screen.write(text);
	return screen.rows.map((row) => row.map(({ character }) => character).join(""));
}

const ESC = "\x1b";

describe("the screen of a recording", () => {
	it.each([
		["lines", ["ab\r\ncd"], ["ab", "cd"]],
		[
			"a bar that is drawn again",
			[`${ESC}[?25l10%${ESC}[0K`, `${ESC}[1G100%${ESC}[0K`, `${ESC}[1G9%${ESC}[K`],
			["9%"],
		],
		["a bar that is taken away", [`${ESC}7bar${ESC}8${ESC}[1G${ESC}[2Kdone\r\n`], ["done", ""]],
		["a line that is too long", ["0123456789ab"], ["0123456789", "ab"]],
		["one that must not wrap", [`${ESC}[?7l0123456789ab`], ["012345678b"]],
		["a cursor that goes up", [`a\r\nb\r\nc${ESC}[2A\r${ESC}[Jx`], ["x"]],
		["a sequence in two pieces", ["a", ESC, "[2", "Kb"], [" b"]],
		["characters of any plane", ["█░\u{1f600}"], ["█░\u{1f600}"]],
	])("shows %s", (_what, written, rows) => {
		expect(shown(...written)).toEqual(rows);
	});

	it("keeps the colour of each character", () => {
		const screen = new Screen(10);
		screen.write(`${ESC}[32m$${ESC}[0m a`);
		expect(screen.rows[0]?.map(({ style }) => style)).toEqual(["32", "", ""]);
	});

	it.each([`${ESC}[5n`, `${ESC}]0;title`.padEnd(30), "\x07"])("refuses what it does not know: %j", (text) => {
		expect(() => shown(text)).toThrow(/^unknown/);
	});
});

describe("drawFilm", () => {
	it("ends with the last frame where nothing moves, and escapes text", () => {
		const row = (text: string) => [[...text].map((character) => ({ character, style: "" }))];
		const frames = [
			{ atMs: 0, rows: row("█░") },
			{ atMs: 500, rows: row("<&>") },
		];
		const drawn = drawFilm(frames, { columns: 10, rowCount: 2, holdMs: 500, title: 'a "film"' });
		expect(drawn).toContain('<g class="film" transform="translate(0 -40)">');
		expect(drawn).toContain(
			"@keyframes film{0.00%{transform:translateY(0px)}50.00%{transform:translateY(-40px)}}",
		);
		expect(drawn).toContain(">&lt;&amp;&gt;</text>");
		expect(drawn).toContain("<title>a &quot;film&quot;</title>");
	});
});

it("drawFilm refuses rows that nobody would see", () => {
	const rows = [[], [{ character: "a", style: "" }]];
	const settings = { columns: 10, rowCount: 1, holdMs: 0, title: "" };
	expect(() => drawFilm([{ atMs: 0, rows }], settings)).toThrow("too many rows");
});

it("docs/terminal.svg shows an upload, and is small", async () => {
	const film = await readFile(new URL("../../docs/terminal.svg", import.meta.url), "utf8");
	expect(film.length).toBeLessThan(60_000);
	expect(film).toMatch(/ zipferry upload photos s3:\/\/my-bucket\/photos\.zip</);
	expect(film).not.toContain("local-secret");
});
