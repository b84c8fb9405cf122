// Runs in a thread of its own.
import { openSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { answerRequests } from "../../../async/answer-requests.js";
import type { FileState, WholeData } from "../../../zip/entry.ts";
import { makeRun } from "../../../zip/runs/make-run.ts";
import type { RunAnswer, RunRequest } from "../../../zip/runs/run-request.ts";
import { isPinned } from "../../pins/is-pinned.ts";
import { ruledTime, type TimeRule } from "../../time-rule.ts";
import { pathOf } from "../byte-paths.ts";
import { LARGEST_SMALL, readSmall } from "./read-small.ts";

/** How many requests were answered; whether to stop. */
const state: Int32Array = workerData;

/** For files until they are compressed: as many as find room in a run, and one more. */
let memory = Buffer.allocUnsafeSlow(LARGEST_SMALL);

function read(
	path: string,
	options: unknown,
	pinned: FileState | undefined,
	kept: number,
): Required<WholeData> | undefined {
	const rule = options as TimeRule; // as entries of files have it
	const data = readSmall(
		(flags) => openSync(pathOf(path), flags),
		(size) => memory.subarray(kept, kept + size),
	);
	if (data?.mtimeMs === undefined) return undefined;
	const { bytes, mtimeMs, mode } = data;
	if (pinned !== undefined && !isPinned(pinned, bytes.byteLength, mtimeMs)) return undefined;
	return { bytes, mtimeMs: ruledTime(rule, mtimeMs), mode: pinned?.mode ?? mode };
}

function perform(request: RunRequest): RunAnswer {
	const size = request.memory.byteLength + LARGEST_SMALL;
	if (memory.byteLength < size) memory = Buffer.allocUnsafeSlow(size);
	const answer = makeRun(request, read, () => Atomics.load(state, 1) !== 0);
	Atomics.add(state, 0, 1);
	return answer;
}

answerRequests(perform, ({ memory: run }) => [run.buffer]);
