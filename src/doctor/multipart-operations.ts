import { createHash, randomBytes } from "node:crypto";
import { HeadObjectCommand, ListMultipartUploadsCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import { describeSize, formatNumber, MiB } from "../bytes/units.ts";
import { etagOfParts, unquote } from "../s3/object-proof.ts";
import { type Check, type DoctorContext, fail, pass, warn } from "./finding.ts";
import { UNGUARDED } from "./object-operations.ts";
import { notTried, permissionCheck } from "./permissions.ts";

/** The parts of the object. */
export const FIRST: Uint8Array = randomBytes(5 * MiB);
export const LAST: Uint8Array = randomBytes(1024);

export const createCheck: Check = permissionCheck({
	operation: "CreateMultipartUpload",
	action: "s3:PutObject",
	async run({ trial }) {
		await trial.begin();
		return "allowed";
	},
});

export const partCheck: Check = permissionCheck({
	operation: "UploadPart",
	action: "s3:PutObject",
	async run({ trial }) {
		const { uploadId } = trial;
		if (uploadId === undefined) return notTried("CreateMultipartUpload");
		const startedAt = performance.now();
		const first = await trial.sendPart(uploadId, 1, FIRST);
		const rate = FIRST.byteLength / ((performance.now() - startedAt) / 1000);
		trial.keepParts(first, await trial.sendPart(uploadId, 2, LAST));
		return pass(`allowed; ${describeSize(Math.round(rate))}/s on one connection`, {
			bytesPerSecond: Math.round(rate),
		});
	},
});

export const listPartsCheck: Check = permissionCheck({
	operation: "ListParts",
	action: "s3:ListMultipartUploadParts",
	otherwise: "uploads cannot be resumed, and their removal cannot be verified",
	async run({ trial }) {
		if (trial.parts.length === 0) return notTried("UploadPart");
		const command = new ListPartsCommand({ ...trial.target, UploadId: trial.uploadId });
		const { Parts = [] } = await trial.ask(command);
		const sizes = Parts.map(({ Size }) => Size).join();
		return sizes === `${FIRST.byteLength},${LAST.byteLength}`
			? "allowed"
			: warn(`shows parts of ${sizes} bytes`);
	},
});

export const listUploadsCheck: Check = permissionCheck({
	operation: "ListMultipartUploads",
	action: "s3:ListBucketMultipartUploads",
	otherwise: "incomplete uploads of killed runs are not found",
	async run({ trial, bucket }) {
		const { uploadId, target } = trial;
		const command = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: target.Key });
		const { Uploads = [] } = await trial.ask(command);
		if (uploadId === undefined) return "allowed";
		return Uploads.some(({ UploadId }) => UploadId === uploadId)
			? "allowed"
			: warn("does not show an upload that has started", "the storage may list with a delay");
	},
});

/** Asks for the condition first, since the object is there; then without, if the upload is still open. */
export const conditionalCompleteCheck: Check = {
	name: "If-None-Match on complete",
	writes: true,
	async run({ trial }) {
		const { uploadId, parts } = trial;
		if (uploadId === undefined || parts.length === 0) return notTried("UploadPart");
		const refusal = await trial.refusal(trial.complete(uploadId, parts, { IfNoneMatch: "*" }));
		if (refusal?.status === 412) return pass("an object is not overwritten");
		const how = refusal === undefined ? "ignored" : `refused: ${refusal.code}`;
		return warn(how, UNGUARDED);
	},
};

export const completeCheck: Check = permissionCheck({
	operation: "CompleteMultipartUpload",
	action: "s3:PutObject",
	async run({ trial }) {
		const { uploadId, parts } = trial;
		if (parts.length === 0) return notTried("UploadPart");
		if (uploadId !== undefined) await trial.complete(uploadId, parts);
		return "allowed";
	},
});

/** The proof after an upload compares it, where it means something. */
export const etagCheck: Check = {
	name: "multipart ETag",
	writes: true,
	async run({ trial }) {
		if (trial.parts.length === 0 || trial.uploadId !== undefined) return notTried("CompleteMultipartUpload");
		const head = await trial.ask(new HeadObjectCommand(trial.target));
		const size = FIRST.byteLength + LAST.byteLength;
		if (head.ContentLength !== size) return fail(`the object has ${head.ContentLength} bytes, not ${size}`);
		const md5s = [FIRST, LAST].map((part) => createHash("md5").update(part).digest("hex"));
		if (unquote(head.ETag) === etagOfParts(md5s))
			return pass("the MD5 of the parts' MD5s: proves every upload");
		return warn(
			`${head.ETag}, not computable here`,
			"only size and checksum prove an upload; expected with KMS keys",
		);
	},
};

export const abortCheck: Check = permissionCheck({
	operation: "AbortMultipartUpload",
	action: "s3:AbortMultipartUpload",
	async run({ trial }) {
		const left = await trial.abortOne();
		return left ? warn("answered, but the upload is still there") : "allowed";
	},
});

/** A rule of S3, which zipferry keeps to in any case. */
export const partSizeCheck: Check = {
	name: "part sizes",
	writes: true,
	async run({ trial, connection: { provider } }: DoctorContext) {
		const { maxPartCount, minPartSize } = provider.limits;
		const uploadId = await trial.createUpload();
		const parts = [await trial.sendPart(uploadId, 1, LAST), await trial.sendPart(uploadId, 2, LAST)];
		const refusal = await trial.refusal(trial.complete(uploadId, parts));
		const facts = { minPartSize, maxPartCount, smallPartsAccepted: refusal === undefined };
		const count = `${formatNumber(maxPartCount)} parts at most (provider ${provider.name})`;
		if (refusal === undefined) return pass(`small parts are accepted; ${count}`, facts);
		return refusal.code === "EntityTooSmall"
			? pass(`a part below ${describeSize(minPartSize)} is refused; ${count}`, facts)
			: warn(`small parts are refused with ${refusal.code}; ${count}`, undefined, facts);
	},
};
