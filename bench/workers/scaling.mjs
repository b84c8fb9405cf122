/**
 * How an archive gets faster with workers: one worker, storage and Redis together on one core, against two workers and the same on two
 * cores; what a shard costs by itself; and one worker through a queue against a plain upload on the same core.
 */
import { parseArgs } from "node:util";
import { dataFolder, readThrough } from "../data.mjs";
import { describeMachine, machineLine } from "../machine.mjs";
import { align } from "../report.mjs";
import { median } from "../statistics.mjs";
import { BUCKET, Cluster } from "./cluster.mjs";

const MIB = 1024 ** 2;
/** What has to hold; see docs/scaling.md. */
const BARS = { deflate: 1.8, store: 1.6, shardSeconds: 0.3, queue: 1.1, mib: 230 };

/** `data` at `scale` 1, and shards of how many bytes; cores decide about time, so that few seconds would be about starting. */
const WORKS = {
	deflate: { data: "documents", method: "deflate", shardSize: 64 * MIB },
	store: { data: "films", method: "store", shardSize: 256 * MIB },
};
/** Shards are that much smaller when their own cost is measured. */
const FINE = 8;

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "3" },
		scale: { type: "string", default: "1" },
		work: { type: "string", multiple: true, default: Object.keys(WORKS) },
		"server-pid": { type: "string", default: "" },
		json: { type: "boolean", default: false },
	},
});
const [runs, scale] = [Number(values.runs), Number(values.scale)];
/** Of the storage of `AWS_ENDPOINT_URL_S3`, instead of the embedded server, which hashes on one core whatever there is. */
const serverPids = values["server-pid"].split(",").filter(Boolean).map(Number);

const machine = describeMachine();
const results = {};
for (const name of values.work) results[name] = await measureWork(name, WORKS[name]);
if (values.json) console.log(JSON.stringify({ machine, scale, runs, results }, undefined, "\t"));
else report();

/** Every variant runs once a round, one after the other; the first round only warms up. */
async function measureWork(name, { data, method, shardSize }) {
	const folder = dataFolder(data, scale);
	const size = ["--max-bytes", String(shardSize)];
	const fine = ["--max-bytes", String(shardSize / FINE)];
	const variants = {
		upload: { cores: "0", workers: 0, args: ["upload", folder] },
		one: { cores: "0", workers: 1, args: ["submit", folder, ...size, "--wait"] },
		fine: { cores: "0", workers: 1, args: ["submit", folder, ...fine, "--wait"] },
		two: { cores: "0,1", workers: 2, args: ["submit", folder, ...size, "--wait"] },
	};
	const rounds = Object.fromEntries(Object.keys(variants).map((variant) => [variant, []]));
	for (let round = 0; round <= runs; round++) {
		for (const [variant, { args, ...where }] of Object.entries(variants)) {
			console.error(`${name}: ${variant}, ${round === 0 ? "warming up" : `round ${round} of ${runs}`}`);
			readThrough(folder);
			const run = await runOnce(where, [...args, "--method", method], `${variant}.zip`);
			if (round > 0) rounds[variant].push(run);
		}
	}
	return rounds;
}

async function runOnce({ cores, workers }, [command, source, ...options], key) {
	const cluster = await Cluster.start({ cores, workers, serverPids });
	try {
		const target = `s3://${BUCKET}/${key}`;
		const args = [command, source, target, ...options, "--json", "--no-progress"];
		const { seconds } = await cluster.run(args);
		const made = cluster.workers.flatMap(({ stderr }) => stderr.match(/"event":"made"/g) ?? []);
		return {
			...{ seconds, shardCount: made.length },
			mib: cluster.workers.map(({ peakMib }) => peakMib),
		};
	} finally {
		await cluster.end();
	}
}

function report() {
	console.log(machineLine(machine));
	const names = { upload: "upload, 1 core", one: "1 worker, 1 core", fine: "the same, small shards" };
	const rows = Object.entries(results).flatMap(([work, rounds]) =>
		Object.entries(rounds).map(([variant, list]) => [
			work,
			names[variant] ?? "2 workers, 2 cores",
			median(list.map(({ seconds }) => seconds)).toFixed(2),
			list[0].shardCount === 0 ? "–" : String(list[0].shardCount),
			list[0].mib.length === 0 ? "–" : peak(list).toFixed(0),
		]),
	);
	console.log(align([["work", "run", "s", "shards", "peak MiB of a worker"], ...rows]).join("\n"));
	for (const [work, { upload, one, fine, two }] of Object.entries(results)) {
		const shards = fine[0].shardCount - one[0].shardCount;
		const own = paired(fine, one, (a, b) => (a - b) / shards);
		verdict(`${work}: two of everything are faster`, paired(one, two, ratio), ">=", BARS[work], "×");
		verdict(`${work}: one worker ÷ upload`, paired(one, upload, ratio), "<=", BARS.queue, "×");
		if (shards > 0) verdict(`${work}: a shard costs`, own, "<=", BARS.shardSeconds, "s");
		verdict(`${work}: memory of a worker`, peak([...one, ...fine, ...two]), "<=", BARS.mib, "MiB");
	}
}

function peak(list) {
	return Math.max(...list.flatMap(({ mib }) => mib));
}

function ratio(a, b) {
	return a / b;
}

/** The median over rounds, in each of which both ran one after the other. */
function paired(a, b, of) {
	return median(a.map(({ seconds }, round) => of(seconds, b[round].seconds)));
}

function verdict(what, value, relation, bar, unit) {
	const isMet = relation === ">=" ? value >= bar : value <= bar;
	const sign = relation === ">=" ? "≥" : "≤";
	console.log(`  ${what}: ${value.toFixed(2)} ${unit}, ${sign} ${bar}: ${isMet ? "met" : "NOT MET"}`);
}
