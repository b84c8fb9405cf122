/**
 * What a run takes before it has anything to do, and how much of that is Node itself: everyone once a round, one after
 * the other, with one small file where there is something to archive.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startSink } from "./compare.mjs";
import { describeMachine, machineLine } from "./machine.mjs";
import { align } from "./report.mjs";
import { median } from "./statistics.mjs";
import { findTool } from "./tools.mjs";

/** bash tells thousandths of seconds, GNU time hundredths. */
const SCRIPT = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null';

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } });
const folder = mkdtempSync(join(tmpdir(), "zipferry-bench-run-"));
writeFileSync(join(folder, "note.txt"), "One small file.\n");
const zipferry = [process.execPath, fileURLToPath(new URL("../dist/cli/zipferry.cjs", import.meta.url))];
const [zip, aws] = ["zip", "aws"].map(findTool);
const script = (line) => ["bash", "-o", "pipefail", "-c", line];

const COMMANDS = {
	"node -e 0": [process.execPath, "-e", "0"],
	"zipferry --version": [...zipferry, "--version"],
	"zipferry --help": [...zipferry, "--help"],
	"zipferry create": [...zipferry, "create", "--quiet", folder, "-"],
	"zipferry upload": [...zipferry, "upload", "--quiet", folder, "s3://bench/start.zip"],
	...(zip && { zip: script(`cd ${folder} && ${zip} -q -r - .`) }),
	...(zip &&
		aws && { "zip | aws": script(`cd ${folder} && ${zip} -q -r - . | ${aws} s3 cp - s3://bench/start.zip`) }),
};

const sink = startSink();
try {
	const environment = await sink.serve({});
	report(measureRounds({ ...process.env, ...environment }));
} finally {
	sink.end();
	rmSync(folder, { recursive: true });
}

function measureRounds(env) {
	const runs = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]));
	for (let round = 0; round <= Number(values.runs); round++) {
		for (const [name, command] of Object.entries(COMMANDS)) {
			const run = timed(command, env);
			if (round > 0) runs[name].push(run); // the first only warms up
		}
	}
	return runs;
}

function timed(command, env) {
	const { status, stderr } = spawnSync("bash", ["-c", SCRIPT, "bash", ...command], { env, encoding: "utf8" });
	if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${stderr}`);
	const [wall, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
	return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

function report(runs) {
	const node = runs["node -e 0"];
	const rows = Object.entries(runs).map(([name, list]) => [
		name,
		...["wall", "cpu"].map((metric) => milliseconds(list.map((run) => run[metric]))),
		...["wall", "cpu"].map((metric) =>
			list === node ? "–" : milliseconds(list.map((run, round) => run[metric] - node[round][metric])),
		),
	]);
	console.log(machineLine(describeMachine()));
	const head = [`ms, ${values.runs} rounds`, "wall", "CPU", "wall beyond Node", "CPU beyond Node"];
	console.log(align([head, ...rows]).join("\n"));
}

function milliseconds(list) {
	return median(list).toFixed(0);
}
