import { anySignal } from "../async/any-signal.ts";
import { problemOf, StorageError, ZipferryError } from "../errors.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import { type Connection, connect } from "../s3/connection.ts";
import { toStorageError } from "../s3/errors/storage-errors.ts";
import { bucketCheck, clockCheck, connectionCheck, endpointCheck } from "./connection.ts";
import * as copying from "./copying.ts";
import { credentialsCheck } from "./credentials.ts";
import { type Check, type DoctorContext, type Finding, fail, pass, warn } from "./finding.ts";
import { latencyCheck } from "./latency.ts";
import * as multipart from "./multipart-operations.ts";
import * as object from "./object-operations.ts";
import { EXAMINE_SCHEMA, type ExamineOptions } from "./options.ts";
import { partGapsCheck } from "./part-gaps.ts";
import { lifecycleCheck, objectLockCheck, versioningCheck } from "./settings.ts";
import { Trial } from "./trial.ts";

/** In this order: each may build on what the ones before it have left. */
const CHECKS: readonly Check[] = [
	endpointCheck,
	credentialsCheck,
	connectionCheck,
	clockCheck,
	bucketCheck,
	latencyCheck,
	lifecycleCheck,
	versioningCheck,
	objectLockCheck,
	object.putCheck,
	object.headCheck,
	object.getCheck,
	object.conditionalPutCheck,
	object.conditionalReplaceCheck,
	object.md5Check,
	object.crc32Check,
	multipart.createCheck,
	multipart.partCheck,
	multipart.listPartsCheck,
	multipart.listUploadsCheck,
	multipart.conditionalCompleteCheck,
	multipart.completeCheck,
	multipart.etagCheck,
	multipart.abortCheck,
	copying.copyCheck,
	copying.copyConditionCheck,
	copying.copyChecksumCheck,
	copying.copiedSizesCheck,
	multipart.partSizeCheck,
	partGapsCheck,
	object.deleteCheck,
];

export interface NamedFinding extends Finding {
	/** Name of the check. */
	readonly name: string;
	/** The checks after it were not tried, they could not have told anything. */
	readonly final?: true;
}

/**
 * Tries everything zipferry needs of a storage, on a throw-away key under the prefix, and removes all of it
 * afterwards, also when it is stopped. Findings come as they are made; a check that fails stops the others
 * only if they could not tell anything then.
 *
 * @throws {InvalidOptionError} before any request.
 */
export async function* examine(options: ExamineOptions): AsyncGenerator<NamedFinding, void, void> {
	const settings = resolveOptions(EXAMINE_SCHEMA, options);
	const { bucket, prefix, retryTimeMs, onEvent } = settings;
	const connection: Connection = { ...(await connect(settings, bucket, 2)), onRequest: onEvent };
	// Its own: the SDK puts a listener on it for each request.
	const { signal, release } = anySignal(settings.signal);
	const trial = new Trial(connection, { bucket, prefix }, { retryTimeMs, signal, onEvent });
	const context: DoctorContext = {
		...{ connection, bucket, prefix, trial },
		firstAnswer: undefined,
		retained: false,
		copied: undefined,
	};
	let left: readonly string[] = [];
	let written = false;
	try {
		try {
			for (const check of CHECKS) {
				if (check.writes === true && context.retained) continue;
				signal.throwIfAborted();
				if (check.writes === true && !written) {
					written = true;
					settings.onTrial?.(trial.address);
				}
				const finding = await runCheck(check, context);
				const final = check.essential === true && finding.status === "fail";
				yield { name: check.name, ...finding, ...(final ? { final } : {}) };
				if (final) break;
			}
		} finally {
			if (written) left = await trial.clear();
		}
	} finally {
		release();
		connection.close();
	}
	if (written) yield { name: "clearing up", ...describeRest(left, trial) };
}

async function runCheck(check: Check, context: DoctorContext): Promise<Finding> {
	const { trial, bucket, prefix } = context;
	try {
		return await check.run(context);
	} catch (error) {
		trial.signal?.throwIfAborted();
		const key = check.writes === true ? trial.address.key : prefix;
		const failure = toStorageError(error, check.name, { bucket, key });
		const network = failure instanceof StorageError && failure.code === "NETWORK";
		const advice = failure instanceof ZipferryError ? failure.advice : undefined;
		return { ...fail(problemOf(failure), advice), ...(network ? { network } : {}) };
	}
}

function describeRest(left: readonly string[], { address: { bucket, key } }: Trial): Finding {
	if (left.length === 0) return pass(`nothing is left of s3://${bucket}/${key}`);
	return warn(`left behind at s3://${bucket}/${key}: ${left.join(", ")}`, "remove it with other credentials");
}
