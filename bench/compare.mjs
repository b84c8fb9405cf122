import { fork } from "node:child_process";
import { once } from "node:events";
import { dataFolder, readThrough } from "./data.mjs";
import { archiveOf, freshTarget, removeTarget, sizeOfTree } from "./extraction.mjs";
import { measure } from "./measure.mjs";
import { findPeers, s3Environment } from "./peers.mjs";
import { makeCertificate } from "./sink-certificate.mjs";
import { WORKS } from "./works.mjs";

/**
 * Measures works, given as `{ name, peers }`. Within a round everyone runs once, one after the other; the first round
 * only takes the sizes, and is not counted.
 *
 * @param deadlineMs - By the index of a work: how long after the start it measures no more rounds than one.
 */
export async function compare(works, { runs, scale, deadlineMs, log }) {
	const sink = startSink();
	const found = findPeers();
	const results = {};
	const startedAt = performance.now();
	try {
		for (const [index, { name, peers }] of works.entries()) {
			const deadline = startedAt + deadlineMs(index);
			const work = WORKS[name];
			log(`${name}: preparing data`);
			const folder = dataFolder(work.data, scale * (work.share ?? 1));
			const archive = work.action.startsWith("extract") ? archiveOf(folder) : undefined;
			const bucket = work.action === "create-from-bucket" ? { name: SOURCE_BUCKET, folder } : undefined;
			const environment = await sink.serve({ archive, bucket, ...work });
			const contenders = prepare(peers, found, { ...work, folder, archive });
			results[name] = contenders;
			const rounds = Math.min(runs, work.rounds ?? runs);
			for (let round = 0; round <= rounds; round++) {
				if (round > 1 && performance.now() > deadline) break;
				log(`${name}: ${round === 0 ? "warming up" : `round ${round} of ${rounds}`}`);
				for (const [peer, result] of Object.entries(contenders)) {
					readThrough(folder); // machines differ in how long they keep what was read before
					await runOnce(peer, result, round, environment);
				}
			}
			for (const result of Object.values(contenders)) delete result.start;
		}
		return results;
	} finally {
		sink.end();
	}

	async function runOnce(peer, result, round, env) {
		if (result.start === undefined || result.failure !== undefined) return;
		const object = `bench/${peer.replaceAll(/\W+/g, "-")}-${round}.zip`;
		const extracts = result.action.startsWith("extract");
		const target = extracts ? freshTarget() : undefined;
		try {
			await runWith({ object: extracts ? SERVED : object, target }, peer, result, round, env);
		} finally {
			if (extracts) removeTarget(target);
		}
	}

	async function runWith({ object, target }, peer, result, round, env) {
		const { action, command } = result.start(object, target);
		const toStdout = ["create", "create-from-bucket", "download"].includes(action);
		const stdout = round === 0 && toStdout ? "count" : "/dev/null";
		const measured = await measure(command, { env, stdout });
		if (measured.failure !== undefined) {
			result.failure = measured.failure;
			log(`  ${peer}: ${measured.failure}`);
			return;
		}
		const { bytes, ...run } = measured;
		if (round > 0) result.runs.push(run);
		else if (target !== undefined) result.bytes = sizeOfTree(target);
		else result.bytes = action === "upload" ? await sink.sizeOf(`/${object}`) : bytes;
		if (round === 0 && !result.bytes) result.failure = "it says that all is well, but there is no result";
	}
}

/** The archive that is extracted from the bucket. */
const SERVED = "bench/archive.zip";

/** The bucket that objects are read from. */
const SOURCE_BUCKET = "photos";

/** What each peer has to start, or why it is left out. Who cannot do it is not mentioned. */
function prepare(names, found, { method, action, folder, archive, missing }) {
	const contenders = {};
	for (const name of names) {
		const peer = found[name];
		const start = (object, target) => ({
			action,
			command: peer[action]({ method, folder, archive, object, target, bucket: SOURCE_BUCKET }),
		});
		const reason = missing ?? peer.missing;
		if (reason !== undefined) contenders[name] = { skipped: reason };
		else if (peer[action]?.({ method, folder, object: "" })) contenders[name] = { action, start, runs: [] };
	}
	return contenders;
}

/** The sink in a process of its own. */
export function startSink() {
	const sink = fork(new URL("sink.mjs", import.meta.url));
	let certificate;
	const ask = async (question) => {
		sink.send(question);
		const [answer] = await once(sink, "message");
		return answer;
	};
	return {
		/**
		 * Lets GET have an archive and the objects of a bucket, each answer take so long, and everything go over TLS
		 * and a long line; gives the environment in which clients find that.
		 */
		async serve({ archive, bucket, delayMs = 0, tls = false, line }) {
			if (tls) certificate ??= makeCertificate();
			const { key, cert, file } = (tls && certificate) || {};
			const serve = { key: `/${SERVED}`, file: archive };
			const { port } = await ask({ serve, bucket, delayMs, line, ...(tls && { tls: { key, cert } }) });
			return s3Environment(`http${tls ? "s" : ""}://127.0.0.1:${port}`, file);
		},
		async sizeOf(key) {
			const { size } = await ask({ key });
			return size;
		},
		end() {
			sink.disconnect();
			certificate?.remove();
		},
	};
}
