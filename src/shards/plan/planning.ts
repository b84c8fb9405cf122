import { randomBytes } from "node:crypto";
import type { RunReport } from "../../archive/run-report.ts";
import { abortLater } from "../../async/abort-later.ts";
import type { Connection } from "../../s3/connection.ts";
import { putSmall } from "../../s3/objects/put-small.ts";
import { abortLostUploads } from "../../storage/incomplete/lost-uploads.ts";
import { objectMetadata } from "../../upload/archive-metadata.ts";
import { mayCopy, notCopied } from "../../upload/compose-objects.ts";
import { leftUpload } from "../../upload/incomplete/left-upload.ts";
import { compressionProbe } from "../../zip/compression-probe.ts";
import { levelOf } from "../../zip/levels.ts";
import { writeManifest } from "../helper-objects.ts";
import type { Manifest } from "../manifest.ts";
import { shardConnection } from "../shard-connection.ts";
import { pageKey } from "../shard-keys.ts";
import type { ShardPlan } from "../shard-plan.ts";
import { beginUpload } from "./begin-upload.ts";
import { type CopyCandidate, CopyCandidates } from "./copies/copy-candidates.ts";
import { tryCopy } from "./copies/try-copy.ts";
import { draftManifest, type ManifestDraft } from "./draft-manifest.ts";
import { listSources } from "./list-sources.ts";
import { type PlanShardsSettings, retryTimeOf } from "./options.ts";
import { PageWriter } from "./page-writer.ts";
import { PinnedSources } from "./sources/found-entry.ts";
import type { ShardSource } from "./sources/shard-source.ts";
import { type PlanTraces, undoPlan } from "./undo-plan.ts";

/** A page that is on its way when the caller stops arrives, so that it can be removed. */
const PAGE_GRACE_MS = 2_000;

/** What is to be archived, before anything is decided about its parts. */
interface Listed {
	/** See {@link ListedUnits.sizeBound}. */
	readonly sizeBound: number;
	readonly zip64: boolean;
	readonly candidates: readonly CopyCandidate[];
	/** @param copied - See {@link draftManifest}. */
	draft(copied: readonly CopyCandidate[]): ManifestDraft;
}

/** One attempt to plan: what it has put into the storage is removed if it fails. */
export class Planning {
	readonly #connection: Connection;
	readonly #settings: PlanShardsSettings;
	readonly #signal: AbortSignal;
	readonly #report: RunReport;
	readonly #id = randomBytes(16).toString("hex");
	readonly #startedAt = new Date();
	readonly #traces: PlanTraces = { hasHelpers: false, uploadId: undefined, lostCreate: undefined };

	constructor(connection: Connection, settings: PlanShardsSettings, signal: AbortSignal, report: RunReport) {
		this.#connection = connection;
		this.#settings = settings;
		this.#signal = signal;
		this.#report = report;
	}

	async run(sources: readonly ShardSource[]): Promise<ShardPlan> {
		const grace = abortLater(this.#signal, PAGE_GRACE_MS);
		const pages = new PageWriter((index, bytes) => this.#putPage(index, bytes, grace));
		try {
			const listed = await this.#list(sources, pages);
			this.#signal.throwIfAborted();
			const draft = listed.draft(listed.candidates);
			const uploadId = await this.#begin(draft);
			const refusal = await this.#refusal(draft, listed.candidates, uploadId);
			const manifest = { ...(refusal === undefined ? draft : listed.draft([])), uploadId };
			this.#tellPlanned(manifest, listed);
			if (refusal !== undefined) this.#report.onEvent({ type: "warning", ...notCopied(refusal) });
			this.#traces.hasHelpers = true;
			await writeManifest(this.#connection, manifest, this.#requests);
			return planOf(manifest);
		} catch (error) {
			await pages.settle();
			const plan = { ...NOTHING, ...this.#identity };
			throw await undoPlan(this.#connection, plan, this.#traces, error, this.#signal);
		}
	}

	async #list(sources: readonly ShardSource[], pages: PageWriter): Promise<Listed> {
		const { method, level } = this.#settings;
		const { provider } = this.#connection;
		const probe = await compressionProbe(method, levelOf(method, level));
		const pinned = new PinnedSources();
		const now = this.#startedAt;
		const candidates = mayCopy(this.#settings, provider) ? new CopyCandidates(provider.limits) : undefined;
		const how = { signal: this.#signal, report: this.#report, candidates, now: now.getTime() };
		const listed = await listSources(sources, this.#settings, pinned, pages, how);
		const facts = { ...this.#identity, plannedAt: now.toISOString(), probe, sources: pinned.all };
		return {
			...{ sizeBound: listed.sizeBound, zip64: listed.bound.zip64, candidates: candidates?.all ?? [] },
			draft: (copied) => draftManifest(listed, facts, this.#settings, provider, copied),
		};
	}

	/** What the storage refuses with to copy what is to be copied, if it does. */
	async #refusal(
		draft: ManifestDraft,
		[candidate]: readonly CopyCandidate[],
		uploadId: string,
	): Promise<unknown> {
		if (candidate === undefined || draft.shards.every(({ copies }) => copies === undefined)) return undefined;
		const { bucket, key } = this.#settings;
		const target = { address: { bucket, key }, uploadId };
		const connection = shardConnection(this.#connection, draft);
		return tryCopy(connection, target, candidate, {
			...{ retryTimeMs: retryTimeOf(this.#settings), signal: this.#signal, onRetry: this.#onRetry },
		});
	}

	#tellPlanned(
		{ entryCount, sourceSize, partSize, directory }: Manifest,
		{ sizeBound, zip64 }: Listed,
	): void {
		this.#report.onEvent({
			...{ type: "planned", entryCount, sourceSize, partSize, sizeBound, zip64 },
			maxPartCount: directory.firstPart + directory.partCount - 1,
		});
	}

	readonly #onRetry = (operation: string, reason: string, waitMs: number): void => {
		this.#report.onEvent({ type: "retry", operation, reason, waitMs });
	};

	async #putPage(index: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
		this.#traces.hasHelpers = true;
		const { bucket, key, id } = this.#identity;
		const address = { bucket, key: pageKey({ key, id }, index) };
		await putSmall(this.#connection, address, bytes, { ...this.#requests, signal });
	}

	async #begin({ exact }: Pick<Manifest, "exact">): Promise<string> {
		const { bucket, key, noClobber } = this.#settings;
		const metadata = objectMetadata(this.#settings, this.#startedAt.getTime(), { shards: this.#id });
		const object = { ...this.#settings, metadata };
		const destination = { address: { bucket, key }, object, noClobber };
		const uploadId = await beginUpload(shardConnection(this.#connection, { exact }), destination, {
			retryTimeMs: retryTimeOf(this.#settings),
			signal: this.#signal,
			onRetry: this.#onRetry,
			onLost: (lost) => {
				this.#traces.lostCreate = lost;
			},
		});
		this.#traces.uploadId = uploadId;
		await this.#removeLost();
		return uploadId;
	}

	/** Another upload than ours, which an attempt began whose response was lost. */
	async #removeLost(): Promise<void> {
		const { lostCreate } = this.#traces;
		if (lostCreate === undefined) return;
		const { bucket, key } = this.#settings;
		const address = { bucket, key };
		const left = await abortLostUploads(this.#connection, address, lostCreate(), this.#signal);
		this.#signal.throwIfAborted();
		this.#traces.lostCreate = undefined;
		for (const id of left ?? [])
			this.#report.onEvent(leftUpload(address, id, "could not be removed and still takes space"));
	}

	get #identity() {
		const { bucket, key } = this.#settings;
		return { id: this.#id, bucket, key };
	}

	get #requests() {
		return {
			signal: this.#signal,
			retryTimeMs: retryTimeOf(this.#settings),
			onRetry: ({ code }: { readonly code: string }, waitMs: number, operation: string) =>
				this.#onRetry(operation, code, waitMs),
		};
	}
}

/** For the removal of what a plan has left that was never made. */
const NOTHING = { version: 1, uploadId: "", shardCount: 0, entryCount: 0, sourceSize: 0 } as const;

function planOf(manifest: ShardPlan): ShardPlan {
	const { version, id, bucket, key, uploadId, shardCount, entryCount, sourceSize } = manifest;
	return { version, id, bucket, key, uploadId, shardCount, entryCount, sourceSize };
}
