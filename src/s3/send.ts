import type {
	$Command,
	S3ClientResolvedConfig,
	ServiceInputTypes,
	ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import type { ObjectAddress } from "./address.ts";
import { answerWatcher, NEXT_TO_THE_WIRE, type RawAnswer } from "./answers.ts";
import { Attempt } from "./attempt.ts";
import type { Connection } from "./connection.ts";
import { withCredentialsInTime } from "./credentials.ts";
import { readSdkError, type SdkError, UnexpectedAnswerError } from "./errors/sdk-error.ts";
import { toStorageError } from "./errors/storage-errors.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";

/** The client and settings that send requests. */
export type Sender = Pick<Connection, "client" | "patient" | "onRequest">;

/** A request to the storage, as the SDK has it. */
export type S3Command<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
	Input,
	Output,
	S3ClientResolvedConfig,
	ServiceInputTypes,
	ServiceOutputTypes
>;

/** Settings that differ from request to request. */
export interface SendOptions<Answer> {
	/** Ends waiting and asking at once; `send` rejects with its reason then. */
	readonly signal?: AbortSignal | undefined;
	/** Ends an attempt, where that is to be later than `signal` ends waiting. */
	readonly attemptSignal?: AbortSignal | undefined;
	/** Milliseconds from the first failure until the request is given up; 0 for a request that is sent once. */
	readonly retryTimeMs: number;
	/** How often a host name that does not exist is looked up again: see {@link NAME_REPETITIONS}. */
	readonly nameRepetitions?: number | undefined;
	/** Waits longer for the answer: the storage may work on it for minutes. */
	readonly patient?: boolean | undefined;
	/** The answer is a stream that the caller reads to its end; all others are read here. */
	readonly streams?: boolean | undefined;
	/** Told before each wait. */
	readonly onRetry?: ((failure: SdkError, waitMs: number, operation: string) => void) | undefined;
	/** Told when an attempt has ended, well or not. */
	readonly onAttemptEnded?: (() => void) | undefined;
	/** Sees each answer before the SDK reads it, refusals as well. */
	readonly onAnswer?: ((answer: RawAnswer) => void) | undefined;
	/** Throws if the answer is not what it has to be; {@link UnexpectedAnswerError} has the request repeated. */
	readonly check?: ((answer: Answer) => void) | undefined;
	/** Why a failure may pass that otherwise would be final. */
	readonly mayPass?: ((failure: SdkError) => string | undefined) | undefined;
	/** Whether a failure is final that would be retried otherwise. */
	readonly isFinal?: ((failure: SdkError) => boolean) | undefined;
}

/**
 * Sends one request to the storage: every request of zipferry goes through here. A request that does not get on
 * is given up (see `watchRequests`), a failure that may pass is repeated for some time, with new
 * credentials where the old ones have expired, and an answer that the check refuses is a failure as well.
 *
 * @throws {StorageError} for the last failure, with what was tried, for which object, and what the server said.
 * Reasons of the signal and errors of zipferry pass as they are.
 */
export async function send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
	connection: Sender,
	command: S3Command<Input, Output>,
	options: SendOptions<Output>,
): Promise<Output> {
	const { signal, patient = false, streams = false, onAnswer, onRetry, check, mayPass } = options;
	const { attemptSignal = signal, onAttemptEnded } = options;
	const operation = operationOf(command);
	const client = patient ? connection.patient : connection.client;
	// The handler finds `streams` there.
	const handling = {
		...(attemptSignal === undefined ? {} : { abortSignal: attemptSignal }),
		...(streams ? { streams } : {}),
	};
	let attempt = new Attempt(command.input, operation, 0);
	const seeAnswer = (answer: RawAnswer) => {
		attempt.answer = answer;
		onAnswer?.(answer);
	};
	command.middlewareStack.add(answerWatcher(seeAnswer), NEXT_TO_THE_WIRE);
	let onCredentials = () => {};
	const signed = <Args extends object, Result>(next: (args: Args) => Result) => {
		return (args: Args): Result => {
			onCredentials();
			attempt.noteSize(args);
			return next(args);
		};
	};
	command.middlewareStack.add(signed, NEXT_TO_THE_WIRE);
	const ask = async (): Promise<Output> => {
		attempt = attempt.next();
		try {
			const answer = await withCredentialsInTime((got) => {
				onCredentials = got;
				return client.send(command, handling);
			});
			check?.(answer);
			return answer;
		} catch (cause) {
			attempt.failure = readSdkError(cause).code;
			const reason = mayPass?.(readSdkError(cause));
			throw reason === undefined ? cause : new UnexpectedAnswerError(reason, { cause });
		} finally {
			connection.onRequest?.(attempt.end());
			onAttemptEnded?.();
		}
	};
	const policy: RetryPolicy = {
		budgetMs: options.retryTimeMs,
		nameRepetitions: options.nameRepetitions,
		stop: signal,
		isFinal: options.isFinal,
		onRetry: (failure, waitMs) => onRetry?.(failure, waitMs, operation),
		refreshCredentials: () => withCredentialsInTime(() => refreshCredentials(connection)),
	};
	try {
		return await withRetries(ask, policy);
	} catch (error) {
		signal?.throwIfAborted();
		throw toStorageError(error, operation, targetOf(command.input), mustBeNew(command.input));
	}
}

/** Such as `UploadPart`. Not by the name of the class: a bundler may have shortened it. */
function operationOf({ schema }: { readonly schema?: unknown }): string {
	const name: unknown = Array.isArray(schema) ? schema[2] : undefined;
	return typeof name === "string" ? name : "the request";
}

/** The target for a message: the object, or the beginning of keys, or the bucket. */
function targetOf(input: object): ObjectAddress {
	const { Bucket = "", Key, Prefix } = input as { Bucket?: string; Key?: string; Prefix?: string };
	return { bucket: Bucket, key: Key ?? Prefix ?? "" };
}

/** Whether nothing may be there yet: any other condition that fails says nothing of the kind. */
function mustBeNew(input: object): boolean {
	return "IfNoneMatch" in input && input.IfNoneMatch !== undefined;
}

/** Clients of ours keep credentials of their own, those of a caller's client share them. */
async function refreshCredentials({ client, patient }: Sender): Promise<void> {
	for (const refresh of new Set([client.config.credentials, patient.config.credentials]))
		await refresh({ forceRefresh: true });
}
