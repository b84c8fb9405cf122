import type { TestArchives } from "./archive.ts";
import { errorAnswer, htmlAnswer } from "./proxy/answer.ts";
import { answer, answerWhenDone, close, earlyAnswer, type Fault, hang, reset } from "./proxy/fault.ts";
import type { Rule } from "./proxy/plan.ts";
import { seededRandom } from "./proxy/random.ts";
import { runZipferry, timesWith, uploadArguments, useCredentials } from "./run-zipferry.ts";
import { FaultWorld } from "./world.ts";

/** What a fifth of all requests meets. */
const FAULTS: readonly Fault[] = [
	reset("head"),
	reset("body"),
	reset("done"),
	reset("answer"),
	close("body"),
	close("done"),
	hang("body"),
	hang("done"),
	answer(errorAnswer("InternalError")),
	answer(errorAnswer("SlowDown")),
	answer(errorAnswer("TooManyRequests")),
	answer(errorAnswer("InternalError", { status: 200 })),
	answer(htmlAnswer()),
	answerWhenDone(errorAnswer("InternalError")),
	answerWhenDone(htmlAnswer()),
	earlyAnswer(errorAnswer("SlowDown")),
	{ type: "late", delayMs: 300 },
];
const FAULT_RATE = 0.2;

/** Faults that are about the bytes of a part, and refusals that are final. */
const OTHERS: readonly Rule[] = [
	{ operation: ["UploadPart", "PutObject"], probability: 0.05, fault: { type: "flip" } },
	{ operation: ["UploadPart", "PutObject"], probability: 0.05, fault: { type: "flip-unnoticed" } },
	{ operation: "UploadPart", probability: 0.02, fault: { type: "duplicate" } },
	{ operation: "UploadPart", probability: 0.01, fault: answer(errorAnswer("AccessDenied")) },
];

/** Times by which a run gives up in seconds. */
export const soakTimes = () => timesWith(8_000, 1_000);
const LANES = 4;
/** A failure that does not claim that nothing was published. */
const UNCERTAIN = /it is unknown whether the object was published|the object is probably there/;
/** Of the uploads, how many are sent in parts. */
const PARTS_SHARE = 0.5;
const LIMIT_MS = 60_000;

export interface SoakResult {
	readonly published: number;
	readonly failed: number;
	/** Requests, and how many of them met a fault. */
	readonly requests: number;
	readonly faults: number;
	/** What must not happen, one line each. */
	readonly violations: readonly string[];
}

/** A fault for every fifth request, and some more. */
export function soakRules(): readonly Rule[] {
	const share = FAULT_RATE / FAULTS.length;
	return [...OTHERS, ...FAULTS.map((fault, index) => ({ fault, probability: share / (1 - index * share) }))];
}

/** Many uploads, four at once, over a network where a fifth of all requests meets a fault. */
export async function soak(count: number, seed: number, archives: TestArchives): Promise<SoakResult> {
	const world = await FaultWorld.open({ rules: soakRules(), seed, previous: undefined });
	const random = seededRandom(seed);
	const tasks = Array.from({ length: count }, (_, index) => ({
		key: `soak/${index}.zip`,
		archive: archives.of(random() < PARTS_SHARE ? "parts" : "small"),
	}));
	const violations: string[] = [];
	const said: string[] = [];
	let published = 0;
	const runNext = async (): Promise<void> => {
		for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
			const { key, archive } = task;
			const target = `s3://${world.bucket.name}/${key}`;
			const { exitCode, stderr } = await runZipferry(
				uploadArguments(world, archive, soakTimes(), target),
				LIMIT_MS,
			);
			said.push(stderr);
			const object = await world.storedObject(archive, key);
			if (exitCode === 0) published += 1;
			if (exitCode === undefined) violations.push(`${key} hangs`);
			else if (exitCode === 0 && object !== "new")
				violations.push(`${key}: success, but the object is: ${object}`);
			else if (exitCode !== 0 && object !== "none" && !(object === "new" && UNCERTAIN.test(stderr)))
				violations.push(`${key}: the object is ${object}: ${stderr}`);
		}
	};
	try {
		useCredentials(world);
		await Promise.all(Array.from({ length: LANES }, runNext));
		const named = said.join("\n");
		for (const { Key, UploadId } of await world.bucket.uploads()) {
			if (!named.includes(UploadId)) violations.push(`an upload is left, unnamed; ${story(world, Key)}`);
		}
		const { passed } = world.proxy;
		const faults = passed.filter(({ fault }) => fault !== undefined).length;
		return { published, failed: count - published, requests: passed.length, faults, violations };
	} finally {
		await world.close();
	}
}

/** What was asked about a key, and what happened to it, for whoever has to find out why. */
function story({ proxy }: FaultWorld, wanted: string): string {
	const requests = proxy.passed.filter(({ key }) => key === wanted);
	const begin = requests[0]?.at ?? 0;
	const lines = requests.map(
		({ operation, fault, at }) => `${Math.round(at - begin)} ms ${operation} ${fault ?? ""}`,
	);
	return [wanted, ...lines].join("\n");
}
