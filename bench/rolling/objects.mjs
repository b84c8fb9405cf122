// S3 to S3: objects of a bucket become an archive in the same bucket. Counts what passes through this machine.
//
// node --import tsx bench/rolling/objects.mjs               2,000 × 12 MiB and 3,000 × 5 MiB: 80 GB below the temporary folder
// node --import tsx bench/rolling/objects.mjs --scale 0.05  a twentieth of the objects
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { measure } from "../measure.mjs";

const MiB = 1024 ** 2;
const PROGRAM = new URL("../../dist/cli/zipferry.cjs", import.meta.url).pathname;
const BUCKET = "bench";

/** What the storage is taken for decides whether it copies: R2 takes parts of one size only. */
const RUNS = [
	{ work: "2,000 × 12 MiB", count: 2_000, size: 12 * MiB, how: "copied, CRC-32 from HEAD", provider: "aws" },
	{
		work: "2,000 × 12 MiB",
		count: 2_000,
		size: 12 * MiB,
		how: "copied, each read for its CRC-32",
		provider: "ceph",
	},
	{ work: "2,000 × 12 MiB", count: 2_000, size: 12 * MiB, how: "carried", provider: "r2" },
	{ work: "3,000 × 5 MiB", count: 3_000, size: 5 * MiB, how: "carried", provider: "aws" },
];
/** Headers of requests and responses, of archive entries, and the central directory, for each object. */
const OVERHEAD = 32 * 1024;

const { values } = parseArgs({
	options: { scale: { type: "string", default: "1" }, json: { type: "boolean" } },
});
const scale = Number(values.scale);
if (!(scale > 0 && scale <= 1)) throw new RangeError("--scale is above 0 and at most 1");

const results = [];
let directory;
let storage;
let stored;
try {
	for (const run of RUNS) {
		const count = Math.max(1, Math.round(run.count * scale));
		if (stored !== run.work) {
			await discard();
			directory = mkdtempSync(join(tmpdir(), "zipferry-bench-objects-"));
			storage = await startStorage(directory);
			await putObjects(storage, count, run.size);
			stored = run.work;
		}
		results.push(await archive(storage, { ...run, count }));
	}
} finally {
	await discard();
}
if (values.json) console.log(JSON.stringify({ scale, cores: cpus().length, results }, undefined, "\t"));
else console.log(table(results));
const excess = results.filter(({ provider, receivedEach, sentEach }) =>
	provider === "aws" && receivedEach !== undefined
		? Math.max(receivedEach, sentEach) > 5 * MiB + OVERHEAD
		: false,
);
for (const { work, how } of excess)
	console.error(`${work}, ${how}: more than 5 MiB and headers for each object`);
process.exitCode = excess.length > 0 ? 1 : 0;

/** A storage behind a relay that counts what passes. */
async function startStorage(folder) {
	const requests = new Map();
	const server = await startLocalS3({
		...{ buckets: [BUCKET], directory: folder },
		onRequest: ({ operation }) => void requests.set(operation, (requests.get(operation) ?? 0) + 1),
	});
	const counted = { sent: 0, received: 0 };
	const { port } = new URL(server.endpoint);
	const relay = createServer((client) => {
		const onward = connect(Number(port), "127.0.0.1");
		client.on("data", ({ byteLength }) => {
			counted.sent += byteLength;
		});
		onward.on("data", ({ byteLength }) => {
			counted.received += byteLength;
		});
		client.pipe(onward).pipe(client);
		for (const [one, other] of [
			[client, onward],
			[onward, client],
		]) {
			one.on("error", () => other.destroy());
			one.on("close", () => other.destroy());
		}
	});
	await new Promise((resolve) => relay.listen(0, "127.0.0.1", resolve));
	return { server, relay, endpoint: `http://127.0.0.1:${relay.address().port}`, requests, counted };
}

async function putObjects({ server }, count, size) {
	const { endpoint, region, accessKeyId, secretAccessKey } = server;
	const credentials = { accessKeyId, secretAccessKey };
	const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
	const body = Buffer.allocUnsafe(size);
	for (let at = 0, state = 1; at < size; at += 4) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		body.writeUInt32LE(state, at);
	}
	for (let index = 0; index < count; index++) {
		body.writeUInt32LE(index, 0); // each another one
		const Key = `in/${String(index).padStart(6, "0")}.bin`;
		await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: body, ChecksumAlgorithm: "CRC32" }));
	}
	client.destroy();
}

async function archive({ server, endpoint, requests, counted }, { work, count, size, how, provider }) {
	requests.clear();
	Object.assign(counted, { sent: 0, received: 0 });
	const options = ["--method", "store", "--provider", provider, "--quiet"];
	const command = [
		process.execPath,
		PROGRAM,
		"upload",
		`s3://${BUCKET}/in/`,
		`s3://${BUCKET}/out/${provider}.zip`,
	];
	const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = server;
	const place = { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: server.region };
	const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...place };
	const { failure, wallMs, cpuMs, rssKib } = await measure(
		{ command: [...command, ...options], cwd: tmpdir() },
		{ env, stdout: "/dev/null" },
	);
	if (failure !== undefined) throw new Error(`${work}, ${how}: ${failure}`);
	const { sent, received } = counted;
	const facts = { work, how, provider, count, size, wallMs, cpuMs, rssKib, sent, received };
	return {
		...facts,
		...(size > 5 * MiB ? { sentEach: sent / count, receivedEach: received / count } : {}),
		requests: Object.fromEntries(requests),
	};
}

function table(rows) {
	const head = "| objects | how | seconds | CPU s | MiB received | MiB sent | requests | peak MiB |";
	const lines = rows.map(({ work, how, count, wallMs, cpuMs, rssKib, sent, received, requests }) => {
		const total = Object.values(requests).reduce((sum, number) => sum + number, 0);
		const cells = [`${work} (${count})`, how, (wallMs / 1000).toFixed(1), (cpuMs / 1000).toFixed(1)];
		cells.push((received / MiB).toFixed(0), (sent / MiB).toFixed(0), total, (rssKib / 1024).toFixed(0));
		return `| ${cells.join(" | ")} |`;
	});
	return [head, "|---|---|---|---|---|---|---|---|", ...lines].join("\n");
}

async function discard() {
	storage?.relay.close();
	await storage?.server.close();
	if (directory !== undefined) rmSync(directory, { recursive: true });
	storage = undefined;
	directory = undefined;
}
