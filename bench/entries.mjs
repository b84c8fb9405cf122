/**
 * What one more entry costs: CPU per entry, and peak memory, of archives of generated entries. Each archive
 * is made in a process of its own; CPU is counted without what Node takes to start.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describeMachine, machineLine } from "./machine.mjs";
import { align } from "./report.mjs";
import { median } from "./statistics.mjs";
import { ENTRIES_BAR } from "./works.mjs";

const COUNTS = [10_000, 100_000, 1_000_000];
const [mode, argument] = process.argv.slice(2);

if (mode === "--child") console.log(JSON.stringify(await archiveOf(Number(argument))));
else report(Number(mode === "--runs" ? argument : 5));

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

function report(runs) {
	const machine = machineLine(describeMachine());
	const program = fileURLToPath(import.meta.url);
	const results = COUNTS.map(() => []);
	for (let round = 0; round < runs; round++) {
		for (const [index, count] of COUNTS.entries()) {
			const output = execFileSync(process.execPath, [program, "--child", String(count)], {
				encoding: "utf8",
			});
			results[index].push(JSON.parse(output));
		}
	}
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
