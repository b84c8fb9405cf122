import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractWhole } from "./extract-whole.ts";
import { fuzz } from "./fuzz.ts";

// Reads archives that are changed at random, and extracts them if that is asked for:
// tsx test/reader/fuzz/main.ts [how many, 100000] [the first one's number, 0] [extract]

const [count = "100000", first = "0", what] = process.argv.slice(2);
/** In memory, where there is such a place: a disk would take most of the time. */
const MEMORY = "/dev/shm";
const root = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "zipferry-fuzz-"));
const also = what === "extract" ? { also: (bytes: Buffer) => extractWhole(bytes, root) } : {};
const started = performance.now();
const { outcomes, findings } = await fuzz({ first: Number(first), count: Number(count), ...also });
await rm(root, { recursive: true });
for (const [outcome, times] of [...outcomes].sort(([, a], [, b]) => b - a)) console.log(times, outcome);
for (const finding of findings) console.error(finding);
const seconds = Math.round((performance.now() - started) / 1000);
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
	`${count} archives in ${seconds} s, ${findings.length} findings, at most ${memory} MiB of memory`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
