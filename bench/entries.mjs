/**
 * What one more entry costs: CPU per entry, and peak memory, of archives of generated entries, or with `--tree` of
 * files in one directory, which the command archives to nowhere. Each archive is made in a process of its own; CPU is
 * counted without what it takes to start.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, machineLine } from "./machine.mjs";
import { measure } from "./measure.mjs";
import { align } from "./report.mjs";
import { median } from "./statistics.mjs";
import { ENTRIES_BAR } from "./works.mjs";

const COUNTS = [10_000, 100_000, 1_000_000];
const { child, runs, tree } = parseArgs({
	options: {
		child: { type: "string" },
		runs: { type: "string", default: "5" },
		tree: { type: "boolean", default: false },
	},
}).values;

if (child !== undefined) console.log(JSON.stringify(await archiveOf(Number(child))));
else if (tree) await withTrees((directories) => report(Number(runs), treeMeasurer(directories)));
else await report(Number(runs), measureGenerated);

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

function measureGenerated(count) {
	const program = fileURLToPath(import.meta.url);
	return JSON.parse(
		execFileSync(process.execPath, [program, "--child", String(count)], { encoding: "utf8" }),
	);
}

/** Runs with one directory for each count, and one of a single file. */
async function withTrees(run) {
	const root = mkdtempSync(join(tmpdir(), "zipferry-bench-entries-"));
	try {
		const directories = new Map([1, ...COUNTS].map((count) => [count, join(root, String(count))]));
		for (const [count, directory] of directories) {
			mkdirSync(directory);
			// In an order of no use to anybody, as most file systems list names.
			for (let index = 0; index < count; index++) {
				const number = (index * 7919) % count; // a prime, and no divisor of the counts
				writeFileSync(join(directory, `record-${number}.txt`), `What is in the file ${number}.`);
			}
		}
		await run(directories);
	} finally {
		rmSync(root, { recursive: true });
	}
}

function treeMeasurer(directories) {
	const program = fileURLToPath(new URL("../dist/cli/zipferry.cjs", import.meta.url));
	const archive = async (count) => {
		const command = [process.execPath, program, "create", "--quiet", directories.get(count), "-"];
		const result = await measure({ command }, { stdout: "count" });
		if (result.failure !== undefined) throw new Error(result.failure);
		return result;
	};
	return async (count) => {
		const [start, { cpuMs, rssKib, bytes }] = [await archive(1), await archive(count)];
		return { microseconds: ((cpuMs - start.cpuMs) * 1000) / count, mib: rssKib / 1024, size: bytes };
	};
}

async function report(rounds, measureOne) {
	const machine = machineLine(describeMachine());
	const results = COUNTS.map(() => []);
	for (let round = 0; round < rounds; round++)
		for (const [index, count] of COUNTS.entries()) results[index].push(await measureOne(count));
	const costs = results.map((list) => median(list.map(({ microseconds }) => microseconds)));
	const rows = COUNTS.map((count, index) => [
		count.toLocaleString("en"),
		costs[index].toFixed(1),
		Math.max(...results[index].map(({ mib }) => mib)).toFixed(0),
		results[index][0].size.toLocaleString("en"),
	]);
	console.log(machine);
	console.log(align([["entries", "µs CPU an entry", "peak MiB", "size"], ...rows]).join("\n"));
	for (const [index, cost] of costs.slice(0, -1).entries()) {
		const growth = costs.at(-1) / cost;
		const verdict = growth <= ENTRIES_BAR ? "met" : "NOT MET";
		const counts = `${COUNTS[index].toLocaleString("en")} → ${COUNTS.at(-1).toLocaleString("en")} entries`;
		console.log(`${counts}: CPU an entry × ${growth.toFixed(2)}, ≤ ${ENTRIES_BAR}: ${verdict}`);
	}
}
