import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planZip } from "../../../src/archive/planned-archive.ts";
import { RunReport } from "../../../src/archive/run-report.ts";
import { ZipStream } from "../../../src/archive/zip-stream.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import { foldedName, isPortableName, portableName } from "../../../src/sources/names/portable-names.ts";
import { collect } from "../../support/bytes.ts";
import { inspectArchive } from "../../support/inspect-archive.ts";
import { makeSettings } from "../../support/settings.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

function portable(name: string | Uint8Array): string {
	return Buffer.from(portableName(Buffer.from(name))).toString("utf8");
}

describe("portableName", () => {
	it.each([
		["back\\slash", "back_slash"],
		["C:x", "C_x"],
		['a<b>c:d"e|f?g*h', "a_b_c_d_e_f_g_h"],
		["line\nbreak\ttab\u001b[31m\u007f", "line_break_tab_[31m_"],
		["con", "_con"],
		["dir/NUL.txt/x", "dir/_NUL.txt/x"],
		["com1.log", "_com1.log"],
		["dots...", "dots___"],
		["space /inside ", "space_/inside_"],
	])("changes %j to %j", (name, expected) => {
		expect(portable(name)).toBe(expected);
	});

	it.each(["plain.txt", "ünïcödé/😀", "console", "company1", ".hidden", "a/.b/..c", "COM10", "dir/"])(
		"leaves %j as it is",
		(name) => {
			expect(portable(name)).toBe(name);
			expect(isPortableName(Buffer.from(name))).toBe(true);
		},
	);

	it("replaces bytes that are no UTF-8", () => {
		expect(portable(Buffer.from("caf\xe9", "latin1"))).toBe("caf_");
	});

	it("makes names that need no second change", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (name) => {
				const once = portableName(name);
				expect(isPortableName(once)).toBe(true);
				expect(Buffer.compare(portableName(once), once)).toBe(0);
			}),
		);
	});
});

describe("foldedName", () => {
	it.each([
		["Ü.TXT", "u\u0308.txt"],
		["Ä", "ä"],
		["ΟΔΟΣ", "οδος"],
		["Ÿ", "ÿ"],
		["DIR/Ä", "dir/ä"],
	])("is the same for names that Windows and macOS do not tell apart: %s, %s", (one, other) => {
		expect(foldedName(one)).toBe(foldedName(other));
	});

	it.each([
		["straße", "strasse"],
		["ı", "i"],
		["ſ", "s"],
		["ä", "a"],
		["ﬁ", "fi"],
	])("differs where they do tell them apart: %s, %s", (one, other) => {
		expect(foldedName(one)).not.toBe(foldedName(other));
	});
});

describe("archives with portable names", () => {
	it("have the changed names, and tell each change", async () => {
		await temp.write({ "t/con": "1", "t/a\\b": "2", "t/fine": "3" });
		const events: ZipferryEvent[] = [];
		const zip = new ZipStream({ portableNames: true, onEvent: (event) => events.push(event) });
		const { entries } = inspectArchive(await collect(zip.addPath(temp.path("t"), "")));
		expect(entries.map(({ name }) => name).sort()).toEqual(["_con", "a_b", "fine"]);
		expect(events.filter(({ type }) => type === "renamed")).toEqual([
			{ type: "renamed", from: "a\\b", to: "a_b" },
			{ type: "renamed", from: "con", to: "_con" },
		]);
	});

	it.each([
		["become the same", { "t/a:b": "1", "t/a?b": "2" }, 'cannot both be in the archive: both become "a_b"'],
		["differ in case only", { "t/Readme": "1", "t/README": "2" }, "they differ only in upper and lower case"],
		["differ in the case of an umlaut", { "t/Ä": "1", "t/ä": "2" }, "are one name to Windows and macOS"],
		["differ in how an accent is encoded", { "t/\u00e9": "1", "t/e\u0301": "2" }, "how an accent is encoded"],
		["are directories that differ in case", { "t/A/x": "1", "t/a/y": "2" }, "upper and lower case"],
	])("refuse names that %s, before anything is sent, and say why", async (_what, tree, why) => {
		await temp.write(tree);
		const [one = "", other = ""] = Object.keys(tree).map((path) => path.split("/")[1] ?? "");
		await expect(planZip(temp.path("t"), makeSettings({ portableNames: true }))).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			problem: expect.stringContaining(why),
			advice: { kind: "other", text: "rename one of them, or leave it out with a filter" },
			origins: expect.arrayContaining([temp.path(`t/${one}`), temp.path(`t/${other}`)]),
		});
		await expect(planZip(temp.path("t"), makeSettings())).resolves.toBeDefined();
	});

	it("say nothing of case where two sources give the same name", async () => {
		await temp.write({ "a/x": "1", "b/x": "2" });
		const sources = [
			{ path: temp.path("a"), as: "t" },
			{ path: temp.path("b"), as: "t" },
		];
		await expect(planZip(sources, makeSettings({ portableNames: true }))).rejects.toMatchObject({
			message: `two sources give the entry "t/": ${temp.path("a")} and ${temp.path("b")}`,
		});
	});

	it("are suggested when there are names that need it, once", async () => {
		await temp.write({ "t/con": "1", "t/a\\b": "2" });
		await writeFile(temp.bytes(Buffer.from("t/\xe9", "latin1")), "3");
		const events: ZipferryEvent[] = [];
		const report = new RunReport((event) => events.push(event));
		await planZip(temp.path("t"), makeSettings(), report);
		const suggestions = events.filter(
			(event) => event.type === "warning" && event.code === "NAMES_NOT_PORTABLE",
		);
		expect(suggestions).toHaveLength(1);
		expect(suggestions[0]).toMatchObject({
			message: expect.stringMatching(/^3 names .*; set portableNames to true to change these names$/),
		});
	});
});
