import { messageOf } from "../../errors.ts";
import type { Warning, WarningCode } from "../../events.ts";
import { redact } from "../../secrets/redact.ts";
import type { RunArchive, RunReport, RunRetention } from "../run-report.ts";
import type { RunEvent, RunEventListener } from "./run-events.ts";

/** How the outcome of a run is said; the command line has its own words and exit codes. */
export interface RunWords {
	describeError(error: unknown): {
		readonly code: string;
		readonly message: string;
		readonly exitCode: number;
	};
	/** 0, or that of an archive that lacks something. */
	exitCodeOf(warnings: readonly Warning[]): number;
}

/** Of which run it is. */
export interface RunIdentity {
	readonly job: string | undefined;
	readonly host: string;
	readonly startedAt: Date;
}

const MAX_WARNINGS = 1000;

/** What is known of a run so far. */
export class RunState {
	readonly #run: RunIdentity;
	readonly #words: RunWords;
	readonly #listener: RunEventListener | undefined;
	readonly #beganMs = performance.now();
	readonly #warnings: Warning[] = [];
	#isIncomplete = false;
	#status: RunReport["status"] = "running";
	#archive: RunArchive | undefined;
	#retention: RunRetention | undefined;
	#error: ReturnType<RunWords["describeError"]> | undefined;

	constructor(run: RunIdentity, words: RunWords, listener: RunEventListener | undefined) {
		this.#run = run;
		this.#words = words;
		this.#listener = listener;
	}

	/** Keeps the first warnings, and passes everything on. */
	readonly onEvent = (event: RunEvent): unknown => {
		if (event.type === "warning") {
			const { type: _type, ...warning } = event;
			if (warning.code === "UNREADABLE_SKIPPED") this.#isIncomplete = true;
			if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(warning);
		}
		return this.#listener?.(event);
	};

	/**
	 * Adds a warning of the run itself.
	 *
	 * @param what - What has not worked; by default the error says so.
	 */
	warn(code: WarningCode, what: string | undefined, error?: unknown): void {
		const why = error === undefined ? undefined : this.#words.describeError(error).message;
		const message = [what, why].filter((part) => part !== undefined).join(": ");
		this.onEvent({ type: "warning", code, message });
	}

	/** Whether something that should be in the archive could not be read. */
	get isIncomplete(): boolean {
		return this.#isIncomplete;
	}

	published(archive: RunArchive): void {
		this.#archive = archive;
	}

	unchanged(archive: RunArchive): void {
		this.#archive = archive;
		this.#status = "unchanged";
	}

	retained(retention: RunRetention): void {
		this.#retention = retention;
	}

	succeed(): void {
		if (this.#status === "running") this.#status = "success";
	}

	/** Of several errors, the first one counts. */
	fail(error: unknown): void {
		if (this.#status === "failure") {
			this.onEvent({ type: "warning", code: "FAILED_AGAIN", message: messageOf(error) });
			return;
		}
		const described = this.#words.describeError(error);
		const message = redact(oneLine(described.message));
		this.#error = { ...described, message: `${message}${this.#whatIsLeft()}` };
		this.#status = "failure";
		this.onEvent({ type: "run-failed", error });
	}

	get report(): RunReport {
		const { job, host, startedAt } = this.#run;
		const { code, message, exitCode } = this.#error ?? {};
		return {
			job,
			host,
			status: this.#status,
			startedAt: startedAt.toISOString(),
			elapsedMs: Math.round(performance.now() - this.#beganMs),
			exitCode: exitCode ?? this.#words.exitCodeOf(this.#warnings),
			error: code === undefined || message === undefined ? undefined : { code, message },
			archive: this.#archive,
			retention: this.#retention,
			warnings: [...this.#warnings],
		};
	}

	/** Whoever reads that a run has failed has to know whether there is a backup. */
	#whatIsLeft(): string {
		if (this.#archive === undefined) return "";
		const { bucket, key, verified } = this.#archive;
		const url = `s3://${bucket}/${key}`;
		return this.#status === "unchanged"
			? `; the archive ${url} is up to date`
			: `; the archive ${url} is complete (${verified} verified)`;
	}
}

function oneLine(text: string): string {
	return text.replace(/\s*[\r\n]+\s*/g, " ");
}
