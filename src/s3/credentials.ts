import { readFile, stat } from "node:fs/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { abortable } from "../async/abortable.ts";
import { underAnySignal } from "../async/any-signal.ts";
import { InvalidOptionError, StorageError } from "../errors.ts";
import { rememberSecrets } from "../secrets/known-secrets.ts";
import { noCredentials } from "./errors/no-credentials.ts";

/** Variables with the names of files that hold a token. */
const TOKEN_FILES = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
/** Bytes. */
const LARGEST_TOKEN = 64 * 1024;
/** Time enough for a person to type a code, which some credential processes ask for. */
const CREDENTIALS_TIME_MS = 120_000;

/**
 * Makes sure that there are credentials, before any source is read.
 *
 * @throws {StorageError} `NO_CREDENTIALS`
 * @throws {InvalidOptionError} for a key that cannot be one
 */
export async function checkCredentials(client: S3Client, signal: AbortSignal | undefined): Promise<void> {
	const limit = AbortSignal.timeout(CREDENTIALS_TIME_MS);
	try {
		const ask = (stop: AbortSignal) => abortable(client.config.credentials(), stop);
		const credentials = await underAnySignal([signal, limit], ask);
		rememberSecrets(credentials.secretAccessKey, credentials.sessionToken);
		checkCharacters(credentials);
	} catch (cause) {
		signal?.throwIfAborted();
		if (cause instanceof InvalidOptionError) throw cause;
		if (limit.aborted) throw credentialsTooLate();
		throw noCredentials(cause);
	}
}

interface KeyTexts {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken?: string | undefined;
}

/** Requests cannot carry them, or are refused for a reason that says nothing about it. */
function checkCharacters({ accessKeyId, secretAccessKey, sessionToken = "" }: KeyTexts): void {
	const texts = {
		"access key id": accessKeyId,
		"secret access key": secretAccessKey,
		"session token": sessionToken,
	};
	for (const [name, text] of Object.entries(texts))
		if (!/^[\x21-\x7e]*$/.test(text))
			throw new InvalidOptionError(
				`the ${name} has characters in it that none has, such as the end of a line that was copied with it`,
			);
}

/**
 * Runs work that begins with asking for credentials, which may have to be renewed, and gives it up if nobody
 * answers: no client has a time-out for that.
 *
 * @param work - Calls `onCredentials` when it has them, from when on it takes its time; that throws if it was given up.
 * @throws {StorageError} `NO_CREDENTIALS`
 */
export async function withCredentialsInTime<Result>(
	work: (onCredentials: () => void) => Promise<Result>,
): Promise<Result> {
	const giveUp = new AbortController();
	const timer = setTimeout(() => giveUp.abort(credentialsTooLate()), CREDENTIALS_TIME_MS);
	const onCredentials = () => {
		giveUp.signal.throwIfAborted();
		clearTimeout(timer);
	};
	try {
		return await abortable(work(onCredentials), giveUp.signal);
	} finally {
		clearTimeout(timer);
	}
}

function credentialsTooLate(): StorageError {
	return new StorageError(
		"NO_CREDENTIALS",
		"the source of the credentials, a process or a service, has not responded for two minutes",
	);
}

/**
 * Keeps the secrets that a client signs with out of all that is shown, wherever it has them from, and those
 * that it gets when they are renewed.
 */
export function rememberCredentials(client: S3Client): void {
	client.middlewareStack.add(
		(next) => async (args) => {
			const { secretAccessKey, sessionToken } = await client.config.credentials();
			rememberSecrets(secretAccessKey, sessionToken);
			return next(args);
		},
		{ step: "finalizeRequest", name: "zipferryRememberCredentials" },
	);
}

/** The same for what credentials are asked for with, as that may fail: secrets of a profile, tokens in files. */
export async function rememberProfile(profile: string | undefined): Promise<void> {
	const files = await loadSharedConfigFiles().catch(() => undefined); // said in full where they are needed
	for (const variable of TOKEN_FILES) await rememberFile(process.env[variable]);
	const seen = new Set<string>();
	let name = profile ?? process.env["AWS_PROFILE"] ?? "default";
	while (!seen.has(name)) {
		seen.add(name);
		const sections = [files?.credentialsFile[name], files?.configFile[name]];
		for (const section of sections) {
			rememberSecrets(section?.["aws_secret_access_key"], section?.["aws_session_token"]);
			await rememberFile(section?.["web_identity_token_file"]);
		}
		name = sections.find((section) => section?.["source_profile"])?.["source_profile"] ?? name;
	}
}

async function rememberFile(file: string | undefined): Promise<void> {
	if (file === undefined) return;
	try {
		const facts = await stat(file);
		// A pipe gives what is in it only once, and to whom it is meant for.
		if (facts.isFile() && facts.size <= LARGEST_TOKEN) rememberSecrets((await readFile(file, "utf8")).trim());
	} catch {
		// Reported by the caller that needs it.
	}
}
