/**
 * Whether many workers make what one makes: an archive of many objects by four worker processes and by one, from plans with the same
 * borders, compared byte for byte and shown to foreign readers; and how much memory each process takes.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { seededRandom } from "../data/random.mjs";
import { describeMachine, machineLine } from "../machine.mjs";
import { output } from "../tools.mjs";
import { BUCKET, Cluster } from "./cluster.mjs";

const MEMORY_BAR = 230;
const PREFIX = "objects/";
const WORDS =
	"the archive that many workers make is what one of them makes alone and nothing else is beside it".split(
		" ",
	);
/** Requests at once while the bucket is filled. */
const LANES = 16;

const { values } = parseArgs({
	options: { objects: { type: "string", default: "200000" }, workers: { type: "string", default: "4" } },
});
const [objectCount, workerCount] = [Number(values.objects), Number(values.workers)];
const folder = mkdtempSync(join(tmpdir(), "zipferry-bench-alike-"));
const cluster = await Cluster.start({});
let failed = false;
try {
	console.log(machineLine(describeMachine()));
	process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
	const client = clientOf(cluster.env);
	await fill(client);
	const many = await archiveBy(workerCount, client);
	const alone = await archiveBy(1, client);
	check(
		"byte for byte what one process makes",
		many.sha256 === alone.sha256,
		`${many.sha256} (${many.size} bytes)`,
	);
	for (const [reader, command] of readersOf(many.file)) {
		const said = output(...command);
		check(`${reader} reads it`, said !== undefined, said?.split("\n").at(-1) ?? "");
	}
	const peak = Math.max(...many.mib, many.submitMib, ...alone.mib, alone.submitMib);
	check(`each process within ${MEMORY_BAR} MiB`, peak <= MEMORY_BAR, `${peak.toFixed(0)} MiB at most`);
	client.destroy();
} finally {
	await cluster.end();
	rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

function readersOf(file) {
	const count = `import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); bad = z.testzip(); print(len(z.infolist()), "entries, bad:", bad); sys.exit(bad is not None or len(z.infolist()) != ${objectCount})`;
	return [
		["unzip -t", ["unzip", "-tqq", file]],
		["python zipfile", ["python3", "-c", count, file]],
		["zip -T", ["zip", "-T", file]],
	];
}

/** By so many workers of a queue; the plan is for `workerCount` of them in any case, so that its borders are the same. */
async function archiveBy(count, client) {
	for (let started = 0; started < count; started++) await cluster.startWorker();
	const key = `by-${count}.zip`;
	const startedAt = performance.now();
	const submit = cluster.start([
		...["submit", `s3://${BUCKET}/${PREFIX}`, `s3://${BUCKET}/${key}`, "--workers", String(workerCount)],
		...["--wait", "--json", "--no-progress"],
	]);
	let submitMib = 0;
	const watching = setInterval(() => {
		if (!submit.hasEnded) submitMib = Math.max(submitMib, submit.peakMib);
	}, 100);
	await submit.succeeds().finally(() => clearInterval(watching));
	const seconds = (performance.now() - startedAt) / 1000;
	const mib = cluster.workers.map(({ peakMib }) => peakMib);
	for (const worker of cluster.workers) await worker.end();
	cluster.workers = [];
	const file = join(folder, key);
	const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
	await pipeline(Body, createWriteStream(file));
	const hash = createHash("sha256");
	let size = 0;
	for await (const chunk of createReadStream(file)) {
		hash.update(chunk);
		size += chunk.byteLength;
	}
	const memory = mib.map((one) => one.toFixed(0)).join(", ");
	console.log(
		`${count} workers: ${seconds.toFixed(1)} s; workers ${memory} MiB, submit ${submitMib.toFixed(0)} MiB`,
	);
	return { file, size, sha256: hash.digest("hex"), mib, submitMib };
}

async function fill(client) {
	const random = seededRandom(19);
	const startedAt = performance.now();
	let next = 0;
	const lane = async () => {
		for (let index = next++; index < objectCount; index = next++) {
			const Key = `${PREFIX}set-${String(Math.floor(index / 500)).padStart(4, "0")}/record-${index}.txt`;
			await client.send(
				new PutObjectCommand({ Bucket: BUCKET, Key, Body: textOf(500 + random() * 4_000, random) }),
			);
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	const seconds = (performance.now() - startedAt) / 1000;
	console.log(`${objectCount.toLocaleString("en")} objects of 0.5 to 4.5 KB put in ${seconds.toFixed(0)} s`);
}

function textOf(size, random) {
	let text = "";
	while (text.length < size) text += `${WORDS[Math.floor(random() * WORDS.length)]} `;
	return text;
}

function clientOf(env) {
	return new S3Client({
		endpoint: env.AWS_ENDPOINT_URL_S3,
		region: env.AWS_REGION,
		credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
		forcePathStyle: true,
	});
}

function check(what, isMet, facts) {
	failed ||= !isMet;
	console.log(`  ${what}: ${isMet ? "met" : "NOT MET"}${facts === "" ? "" : `, ${facts}`}`);
}
