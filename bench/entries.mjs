/**
 * What one more entry costs: CPU per entry, and peak memory, of archives of generated entries, or of the files of one
 * directory. Each archive is made in a process of its own; CPU is counted without what it takes to start.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, machineLine } from "./machine.mjs";
import { measure } from "./measure.mjs";
import { align } from "./report.mjs";
import { median } from "./statistics.mjs";
import { ENTRIES_BAR, ENTRIES_MEMORY_BAR } from "./works.mjs";

const COUNTS = [10_000, 100_000, 1_000_000];
/** A directory of so few files takes what starting takes. */
const FEW = 100;
const PROGRAM = fileURLToPath(import.meta.url);
const COMMAND = fileURLToPath(new URL("../dist/cli/zipferry.cjs", import.meta.url));

const { values } = parseArgs({
	options: {
		/** Files of one directory, by the command, instead of generated entries. */
		directory: { type: "boolean", default: false },
		runs: { type: "string", default: "5" },
		most: { type: "string", default: String(COUNTS.at(-1)) },
		child: { type: "string" },
	},
});
const counts = COUNTS.filter((count) => count <= Number(values.most));

if (values.child !== undefined) console.log(JSON.stringify(await archiveOf(Number(values.child))));
else report(values.directory ? await measured(ofDirectory) : await measured(ofGenerated));

async function archiveOf(count) {
	const { ZipStream } = await import("../dist/index.js");
	const text = "What an entry costs besides its bytes. ".repeat(5);
	const mtime = new Date(Date.UTC(2026, 0, 1));
	function* entries() {
		for (let index = 0; index < count; index++) {
			const content = `${index} ${text}`;
			yield { name: `year/${index % 365}/record-${index}.txt`, content, mtime };
		}
	}
	const before = process.cpuUsage();
	let size = 0;
	for await (const chunk of new ZipStream().addEntries(entries())) size += chunk.byteLength;
	const { user, system } = process.cpuUsage(before);
	return { microseconds: (user + system) / count, mib: process.resourceUsage().maxRSS / 1024, size };
}

/** Results of all rounds, by the index of the count. */
async function measured(run) {
	const results = counts.map(() => []);
	for (let round = 0; round < Number(values.runs); round++)
		for (const [index, count] of counts.entries()) results[index].push(await run(count));
	return results;
}

function ofGenerated(count) {
	const output = execFileSync(process.execPath, [PROGRAM, "--child", String(count)], { encoding: "utf8" });
	return JSON.parse(output);
}

async function ofDirectory(count) {
	const [start, all] = [await create(directoryOf(FEW)), await create(directoryOf(count))];
	return {
		microseconds: ((all.cpuMs - start.cpuMs) * 1000) / (count - FEW),
		mib: all.rssKib / 1024,
		size: all.bytes,
	};
}

async function create(folder) {
	const command = [process.execPath, COMMAND, "create", "--quiet", folder, "-"];
	const run = await measure({ command }, { env: {}, stdout: "count" });
	if (run.failure !== undefined) throw new Error(run.failure);
	return run;
}

/** So many files of 60 bytes side by side; made by the first who asks. */
function directoryOf(count) {
	const folder = join(tmpdir(), "zipferry-bench", `directory-${count}`);
	if (existsSync(folder)) return folder;
	const unfinished = `${folder}.unfinished`;
	rmSync(unfinished, { recursive: true, force: true });
	mkdirSync(unfinished, { recursive: true });
	for (let index = 0; index < count; index++)
		writeFileSync(
			join(unfinished, `record-${index}.txt`),
			`${index} What an entry costs besides its bytes.`.padEnd(60),
		);
	renameSync(unfinished, folder);
	return folder;
}

function report(results) {
	const machine = machineLine(describeMachine());
	const costs = results.map((list) => median(list.map(({ microseconds }) => microseconds)));
	const rows = counts.map((count, index) => [
		count.toLocaleString("en"),
		costs[index].toFixed(1),
		Math.max(...results[index].map(({ mib }) => mib)).toFixed(0),
		results[index][0].size.toLocaleString("en"),
	]);
	console.log(machine);
	console.log(align([["entries", "µs CPU an entry", "peak MiB", "size"], ...rows]).join("\n"));
	const most = counts.at(-1).toLocaleString("en");
	for (const [index, cost] of costs.slice(0, -1).entries()) {
		const growth = costs.at(-1) / cost;
		const verdict = growth <= ENTRIES_BAR ? "met" : "NOT MET";
		const growing = `${counts[index].toLocaleString("en")} → ${most} entries`;
		console.log(`${growing}: CPU an entry × ${growth.toFixed(2)}, ≤ ${ENTRIES_BAR}: ${verdict}`);
	}
	const peak = Math.max(...results.flat().map(({ mib }) => mib));
	const verdict = peak <= ENTRIES_MEMORY_BAR ? "met" : "NOT MET";
	console.log(`peak ${peak.toFixed(0)} MiB, ≤ ${ENTRIES_MEMORY_BAR}: ${verdict}`);
}
