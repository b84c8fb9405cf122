import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import { extractedDraftName } from "../../src/sources/files/drafts/drafts.ts";
import { markOfThisProcess } from "../../src/sources/files/drafts/process-mark.ts";
import { handMadeArchive } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const temp = useTempDirectory();

describe("drafts that an extraction has left", () => {
	it("are removed by the next one, from the directories that it goes through, if their process has ended", async () => {
		const child = spawn(process.execPath, ["-e", ""]);
		const pid = child.pid ?? 0;
		await once(child, "exit");
		const own = markOfThisProcess();
		const stale = extractedDraftName(1, { ...own, pid, startedAt: "1" });
		const alive = extractedDraftName(999_999, own);
		const elsewhere = extractedDraftName(1, { ...own, namespace: "7" });
		const drafts = { [stale]: "half", [alive]: "half", [elsewhere]: "half", "own.zipferry-part": "" };
		const all = (directory: string) =>
			Object.fromEntries(
				Object.entries(drafts).map(([name, content]) => [`target/${directory}${name}`, content]),
			);
		await temp.write({ ...all(""), ...all("there/"), ...all("other/") });
		await writeFile(temp.path("a.zip"), handMadeArchive([{ name: "a" }, { name: "there/b" }]));
		await extractArchive(temp.path("a.zip"), temp.path("target"));
		const left = [alive, elsewhere, "own.zipferry-part"];
		expect((await readdir(temp.path("target"))).sort()).toEqual([...left, "a", "other", "there"].sort());
		expect((await readdir(temp.path("target/there"))).sort()).toEqual([...left, "b"].sort());
		expect((await readdir(temp.path("target/other"))).sort()).toEqual([...left, stale].sort());
	});
});
