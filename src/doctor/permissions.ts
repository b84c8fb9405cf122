import type { Advice } from "../advice/advice.ts";
import { problemOf } from "../errors.ts";
import { resourceName } from "../s3/bucket-name.ts";
import { factsOf } from "../s3/errors/refusals.ts";
import { type Check, type DoctorContext, type Finding, pass } from "./finding.ts";

/** An operation that zipferry uses, tried. */
interface TriedOperation {
	readonly operation: string;
	/** The action that a policy has to allow for it. */
	readonly action: string;
	/** The feature that does not work without it; absent if nothing works. */
	readonly otherwise?: string;
	/** @returns what to say of the success. */
	run(context: DoctorContext): Promise<string | Finding>;
}

/** A check whether an operation is allowed, and does what it should. */
export function permissionCheck({ operation, action, otherwise, run }: TriedOperation): Check {
	return {
		name: operation,
		writes: true,
		async run(context) {
			try {
				const outcome = await run(context);
				return typeof outcome === "string" ? pass(outcome) : outcome;
			} catch (error) {
				const { status } = factsOf(error);
				if (status === undefined || (status !== 403 && otherwise === undefined)) throw error;
				const { bucket, prefix } = context;
				const message = problemOf(error);
				const resource = resourceName(bucket, /Uploads$/.test(action) ? undefined : `${prefix}*`);
				const grant: Advice = { kind: "grant", action, resource };
				return otherwise === undefined
					? { status: "fail", message, advice: grant }
					: {
							status: "warn",
							message: `${message}; ${otherwise}`,
							advice: status === 403 ? grant : undefined,
						};
			}
		},
	};
}

/** For what came before it and failed. */
export function notTried(operation: string): Finding {
	return { status: "warn", message: `not tried: it needs ${operation}` };
}
