/**
 * Measures the rates of the model on this machine, by one worker on one core whose sources are objects, and checks what the model says
 * of archives that they were not measured with. `--write` keeps them in `rates.json`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { dataFolder, readThrough } from "../data.mjs";
import { describeMachine, machineLine } from "../machine.mjs";
import { align } from "../report.mjs";
import { median } from "../statistics.mjs";
import { BUCKET, Cluster } from "./cluster.mjs";
import { fitShards, timeOf } from "./model.mjs";

const RATES = new URL("rates.json", import.meta.url);
const MIB = 1024 ** 2;
/** Rates come from these: large files and small ones, many shards and few. */
const MEASURED = [
	{ data: "documents", shardSize: 32 * MIB },
	{ data: "documents", shardSize: 96 * MIB },
	{ data: "small-20k", shardSize: 8 * MIB },
	{ data: "small-20k", shardSize: 20 * MIB },
];
/** And are tried on these. */
const CHECKED = [
	{ data: "medium", shardSize: 24 * MIB, workers: 1, cores: "0" },
	{ data: "mixed", shardSize: 48 * MIB, workers: 1, cores: "0" },
	{ data: "mixed", shardSize: 48 * MIB, workers: 2, cores: "0,1" },
];

const { values } = parseArgs({
	options: {
		scale: { type: "string", default: "1" },
		runs: { type: "string", default: "3" },
		write: { type: "boolean", default: false },
	},
});
const [scale, runs] = [Number(values.scale), Number(values.runs)];
const machine = describeMachine();
console.log(machineLine(machine));
const measured = {};
for (const method of ["store", "deflate"]) {
	const archives = [];
	for (const work of MEASURED) archives.push(...(await repeat({ ...work, method, workers: 1, cores: "0" })));
	measured[method] = ratesOf(archives);
	await check(method);
}
if (values.write) {
	const before = JSON.parse(readFileSync(RATES, "utf8"));
	const about = { date: machine.date, machine: machineLine(machine) };
	writeFileSync(RATES, `${JSON.stringify({ ...before, ...about, measured }, undefined, "\t")}\n`);
}

async function repeat(work) {
	const archives = [];
	for (let run = 0; run < runs; run++) {
		console.error(
			`${work.method}: ${work.data}, shards of ${work.shardSize / MIB} MiB, run ${run + 1} of ${runs}`,
		);
		archives.push(await archiveOf(work));
	}
	return archives;
}

/** Makes an archive through a queue, and takes from what the workers log how long each step took. */
async function archiveOf({ data, shardSize, method, workers, cores }) {
	const folder = dataFolder(data, scale);
	readThrough(folder);
	const cluster = await Cluster.start({ cores, workers });
	try {
		const source = await cluster.putFiles(folder);
		const target = `s3://${BUCKET}/archive.zip`;
		const options = [
			"--method",
			method,
			"--max-bytes",
			String(shardSize),
			"--wait",
			"--json",
			"--no-progress",
		];
		const { seconds } = await cluster.run(["submit", source, target, ...options]);
		const steps = cluster.workers.flatMap((worker) => linesOf(worker));
		const shards = steps
			.filter(({ event }) => event === "made")
			.map(({ entryCount, contentSize, elapsedMs }) => ({
				entryCount,
				sourceSize: contentSize,
				seconds: elapsedMs / 1_000,
			}));
		const finish = steps.find(({ event }) => event === "finished");
		return { seconds, shards, finishSeconds: finish.elapsedMs / 1_000, entryCount: finish.entryCount };
	} finally {
		await cluster.end();
	}
}

function linesOf({ stdout, stderr }) {
	const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.startsWith("{"));
	return lines.map((line) => JSON.parse(line));
}

/** Planning and what a run begins with are what is left of its time. */
function ratesOf(archives) {
	const rest = archives.map(({ seconds, shards, finishSeconds }) => {
		const made = shards.reduce((sum, shard) => sum + shard.seconds, 0);
		return seconds - made - finishSeconds;
	});
	const [few, many] = [Math.min, Math.max].map((most) =>
		most(...archives.map(({ entryCount }) => entryCount)),
	);
	const restOf = (count) => median(rest.filter((_, index) => archives[index].entryCount === count));
	const listSeconds = Math.max(0, (restOf(many) - restOf(few)) / (many - few));
	const finish = median(archives.map(({ finishSeconds, shards }) => finishSeconds / shards.length));
	return {
		startSeconds: restOf(few) - few * listSeconds,
		listSeconds,
		...fitShards(archives.flatMap(({ shards }) => shards)),
		finishSeconds: finish,
		directorySeconds: 0,
	};
}

async function check(method) {
	const rows = [];
	for (const work of CHECKED) {
		const archives = await repeat({ ...work, method });
		const [{ shards, entryCount }] = archives;
		const sourceSize = shards.reduce((sum, shard) => sum + shard.sourceSize, 0);
		const shape = { entryCount, sourceSize, shardCount: shards.length, directorySize: 0 };
		const predicted = timeOf(shape, measured[method], work.workers).total;
		const found = median(archives.map(({ seconds }) => seconds));
		rows.push([
			`${work.data}, ${work.workers} on ${work.cores}`,
			String(shards.length),
			predicted.toFixed(2),
			found.toFixed(2),
			(predicted / found).toFixed(2),
		]);
	}
	console.log(`\n${method}: what the model says of archives that it was not made from`);
	console.log(align([["archive", "shards", "predicted s", "measured s", "ratio"], ...rows]).join("\n"));
}
