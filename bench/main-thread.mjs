/**
 * What one more small file costs the main thread, which is what limits machines of many cores; and, from that, a model
 * of such machines beside real runs on as many cores as there are.
 */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DATA_SETS, dataFolder, readThrough } from "./data.mjs";
import { describeMachine, machineLine } from "./machine.mjs";
import { coresThatHelp, frictionOf, modelWall } from "./model.mjs";
import { align } from "./report.mjs";
import { median } from "./statistics.mjs";
import { findTool } from "./tools.mjs";
import { MAIN_THREAD_BAR } from "./works.mjs";

/** Files of each set at full size; none for what is one file. */
const SETS = { tiny: 20_000, varied: 20_000, text: undefined };
/** A run with so little of a set is what starting takes. */
const LITTLE = 0.005;
const MANY_CORES = 16;
const CORES = [1, 2, 4, 8, MANY_CORES];

const COMMAND = fileURLToPath(new URL("../dist/cli/zipferry.cjs", import.meta.url));
const PRELOAD = fileURLToPath(new URL("main-thread-usage.cjs", import.meta.url));
const SCRATCH = mkdtempSync(join(tmpdir(), "zipferry-bench-run-"));

const { values } = parseArgs({
	options: { runs: { type: "string", default: "5" }, scale: { type: "string", default: "1" } },
});
const [runs, scale] = [Number(values.runs), Number(values.scale)];
const own = availableParallelism();
const [zip, taskset] = ["zip", "taskset"].map(findTool);

try {
	const measured = Object.keys(SETS).map((name) => ({ name, ...measureSet(name) }));
	console.log(machineLine(describeMachine()));
	printMainThread(measured);
	for (const set of measured) printCores(set);
	console.log(`
  model s: start + friction × the larger of (main thread, all threads ÷ cores). Start is the run with ${LITTLE * 100} % of the
  data. Friction is what ${own} cores really took ÷ what this says, and is kept for all. For more cores than there are, the
  command is told that it has ${MANY_CORES}, so that it divides the work as it would there. Cores are taken for equal, memory for fast enough.`);
} finally {
	rmSync(SCRATCH, { recursive: true });
}

/** Medians of rounds in which every variant runs once. */
function measureSet(name) {
	const [all, little] = [dataFolder(name, scale), dataFolder(name, scale * LITTLE)];
	const variants = {
		start: () => create(little),
		startOfMany: () => create(little, { believed: MANY_CORES }),
		own: () => create(all),
		many: () => create(all, { believed: MANY_CORES }),
		...(zip && { zip: () => timed([zip, "-q", "-r", "-6", "-", "."], { cwd: all }) }),
	};
	for (const cores of CORES.filter((count) => count <= own && taskset !== undefined))
		variants[`on ${cores}`] = () => create(all, { cores });
	const rounds = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
	for (let round = 0; round <= runs; round++) {
		for (const [variant, run] of Object.entries(variants)) {
			readThrough(all);
			const result = run();
			if (round > 0) rounds[variant].push(result); // the first only warms up
		}
	}
	const medianOf = (variant, field) => median(rounds[variant].map((result) => result[field]));
	const costsOf = (variant, start) => {
		const mainMs = medianOf(variant, "mainMs") - medianOf(start, "mainMs");
		const allMs = medianOf(variant, "allMs") - medianOf(start, "allMs");
		return { startMs: medianOf(start, "wallMs"), mainMs, threadsMs: Math.max(0, allMs - mainMs) };
	};
	const costs = costsOf("own", "start");
	const friction = frictionOf(medianOf("own", "wallMs"), own, costs);
	return {
		entries: SETS[name] === undefined ? undefined : SETS[name] * scale * (1 - LITTLE),
		own: { ...costs, friction },
		many: { ...costsOf("many", "startOfMany"), friction },
		zipMs: zip && medianOf("zip", "wallMs"),
		walls: Object.fromEntries(Object.keys(rounds).map((variant) => [variant, medianOf(variant, "wallMs")])),
	};
}

/** Runs `create` on so many of the cores, or lets it believe in so many. */
function create(folder, { cores, believed = "" } = {}) {
	const usage = join(SCRATCH, "usage.json");
	const bound = cores === undefined ? [] : [taskset, "--cpu-list", `0-${cores - 1}`];
	const node = [process.execPath, "--require", PRELOAD, COMMAND];
	const options = ["create", "--quiet", "--method", "deflate", folder, "-"];
	const env = { ...process.env, BENCH_USAGE: usage, BENCH_CORES: String(believed) };
	const { wallMs } = timed([...bound, ...node, ...options], { env });
	return { wallMs, ...JSON.parse(readFileSync(usage, "utf8")) };
}

function timed([program, ...args], options) {
	const output = openSync("/dev/null", "w");
	const startedAt = performance.now();
	const { status, stderr } = spawnSync(program, args, { ...options, stdio: ["ignore", output, "pipe"] });
	const wallMs = performance.now() - startedAt;
	closeSync(output);
	if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
	return { wallMs };
}

function printMainThread(measured) {
	const head = [
		"µs a file",
		"files",
		"main thread",
		"other threads",
		`main, told of ${MANY_CORES} cores`,
		"others",
	];
	const sets = measured.filter(({ entries }) => entries !== undefined);
	const rows = sets.map(({ name, entries, own: here, many }) => [
		DATA_SETS[name].title,
		Math.round(entries).toLocaleString("en"),
		...[here.mainMs, here.threadsMs, many.mainMs, many.threadsMs].map((ms) =>
			((ms * 1000) / entries).toFixed(1),
		),
	]);
	console.log(`\ncreate to /dev/null, DEFLATE: processor time of one more file on ${own} cores`);
	console.log(align([head, ...rows]).join("\n"));
	for (const { name, entries, many } of sets) {
		const cost = (many.mainMs * 1000) / entries;
		const verdict = cost <= MAIN_THREAD_BAR ? "met" : "NOT MET";
		console.log(
			`  ${name}: ${cost.toFixed(1)} µs of the main thread a file, ≤ ${MAIN_THREAD_BAR}: ${verdict}`,
		);
	}
}

function printCores({ name, own: here, many, zipMs, walls }) {
	const rows = CORES.map((cores) => {
		const wall = modelWall(cores, cores <= own ? here : many);
		const real = walls[`on ${cores}`];
		const why = cores > own ? `not run: ${own} cores` : "not run: no taskset";
		const found = real === undefined ? why : seconds(real);
		return [String(cores), seconds(wall), zipMs === undefined ? "–" : (wall / zipMs).toFixed(2), found];
	});
	const zipLine = zipMs === undefined ? "" : `; zip takes ${seconds(zipMs)} s on any`;
	console.log(`\n${DATA_SETS[name].title}, DEFLATE, create, on more cores${zipLine}`);
	console.log(align([["cores", "model s", "÷ zip", "measured s"], ...rows]).join("\n"));
	const helpful = coresThatHelp(many).toFixed(1);
	console.log(
		`  friction ${here.friction.toFixed(2)}; the main thread is the limit from ${helpful} cores on`,
	);
}

function seconds(milliseconds) {
	return (milliseconds / 1000).toFixed(2);
}
