import { describe, expect, it } from "vitest";
import {
	commit,
	doubt,
	fail,
	SENDING,
	store,
	type UploadPhase,
} from "../../../src/storage/put/upload-phase.ts";

const REASON = new Error("the first");
const LATER = new Error("a later one");
const ANSWER = { versionId: "v1", etag: "e1" };
const OTHER = { versionId: "v2", etag: "e2" };

const COMMITTING: UploadPhase = { name: "committing", doubtful: false };
const DOUBTFUL: UploadPhase = { name: "committing", doubtful: true };
const COMMITTED: UploadPhase = { name: "committed", answer: ANSWER };
const UNKNOWN: UploadPhase = { name: "unknown", reason: REASON };
const FAILED: UploadPhase = { name: "failed", reason: REASON };

const TRANSITIONS = {
	commit,
	doubt,
	store: (phase: UploadPhase) => store(phase, OTHER),
	fail: (phase: UploadPhase) => fail(phase, LATER),
};

/** What becomes of each phase; an error for what is refused. */
const TABLE: readonly (readonly [
	UploadPhase,
	Record<keyof typeof TRANSITIONS, UploadPhase | Error | TypeErrorConstructor>,
])[] = [
	[
		SENDING,
		{ commit: COMMITTING, doubt: SENDING, store: TypeError, fail: { name: "failed", reason: LATER } },
	],
	[
		COMMITTING,
		{
			commit: TypeError,
			doubt: DOUBTFUL,
			store: { name: "committed", answer: OTHER },
			fail: { name: "failed", reason: LATER },
		},
	],
	[
		DOUBTFUL,
		{
			commit: TypeError,
			doubt: DOUBTFUL,
			store: { name: "committed", answer: OTHER },
			fail: { name: "unknown", reason: LATER },
		},
	],
	[
		COMMITTED,
		{ commit: TypeError, doubt: COMMITTED, store: { name: "committed", answer: OTHER }, fail: COMMITTED },
	],
	[UNKNOWN, { commit: REASON, doubt: UNKNOWN, store: { name: "committed", answer: OTHER }, fail: UNKNOWN }],
	[FAILED, { commit: REASON, doubt: FAILED, store: { name: "committed", answer: OTHER }, fail: FAILED }],
];

const CASES = TABLE.flatMap(([phase, after]) =>
	(["commit", "doubt", "store", "fail"] as const).map((event) => ({ phase, event, after: after[event] })),
);

describe("the phases of an upload", () => {
	it.each(CASES)("$phase.name, $event", ({ phase, event, after }) => {
		const step = () => TRANSITIONS[event](phase);
		if (after instanceof Error || typeof after === "function") expect(step).toThrow(after);
		else expect(step()).toEqual(after);
	});

	it("do not forget the doubt of an earlier attempt when a later one is refused", () => {
		const phase = fail(doubt(commit(SENDING)), REASON);
		expect(phase).toEqual(UNKNOWN);
	});
});
