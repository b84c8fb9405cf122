/** The answer to the request that makes the object visible. */
export interface Committed {
	readonly versionId: string | undefined;
	/** Without quotes; some storages do not tell. */
	readonly etag: string | undefined;
}

/**
 * How far the upload of one object has come.
 *
 * ```text
 *             commit                store
 *   sending ─────────▶ committing ─────────▶ committed
 *      │                │      │              ▲     │
 *      │ fail      fail │      │ fail         └─────┘ store
 *      ▼                │      │ after doubt
 *    failed ◀───────────┘      └─────────▶ unknown
 * ```
 *
 * - `sending`: parts are on their way, the object cannot be visible.
 * - `committing`: PutObject or Complete was sent. `doubtful` once an attempt of it may have been carried out
 *   though no answer said so.
 * - `committed`: the storage has said that the object is there. A failure changes nothing about that; a later
 *   attempt that is answered replaces the answer.
 * - `unknown`: it failed, and the object may be there: only asking tells.
 * - `failed`: it failed, and nothing was published.
 *
 * The first failure counts; those after it are its consequences.
 */
export type UploadPhase =
	| { readonly name: "sending" }
	| { readonly name: "committing"; readonly doubtful: boolean }
	| { readonly name: "committed"; readonly answer: Committed }
	| { readonly name: "unknown"; readonly reason: unknown }
	| { readonly name: "failed"; readonly reason: unknown };

/** An upload that has ended, well or not. */
export type FinalPhase = Exclude<UploadPhase, { readonly name: "sending" | "committing" }>;

export const SENDING: UploadPhase = { name: "sending" };

/**
 * The request that makes the object visible is about to be sent.
 *
 * @throws the first failure, if there was one: what has failed must not become visible.
 */
export function commit(phase: UploadPhase): UploadPhase {
	switch (phase.name) {
		case "sending":
			return { name: "committing", doubtful: false };
		case "failed":
		case "unknown":
			throw phase.reason;
		default:
			throw new TypeError(`an upload that is ${phase.name} cannot be committed`);
	}
}

/** An attempt of that request has failed in a way that does not rule out that it was carried out. */
export function doubt(phase: UploadPhase): UploadPhase {
	return phase.name === "committing" ? { name: "committing", doubtful: true } : phase;
}

/** The storage has said that the object is there, which counts whatever has failed meanwhile. */
export function store(phase: UploadPhase, answer: Committed): UploadPhase {
	if (phase.name === "sending") throw new TypeError("an object was stored that nobody has sent");
	return { name: "committed", answer };
}

/** Something has failed for good. */
export function fail(phase: UploadPhase, reason: unknown): UploadPhase {
	switch (phase.name) {
		case "sending":
			return { name: "failed", reason };
		case "committing":
			return { name: phase.doubtful ? "unknown" : "failed", reason };
		default:
			return phase;
	}
}
