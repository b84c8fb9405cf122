/** What is kept with the object. */
export interface ObjectOptions {
	/** @defaultValue `"application/zip"` */
	readonly contentType?: string | undefined;
	/** For instance `attachment; filename="photos.zip"`. */
	readonly contentDisposition?: string | undefined;
	readonly cacheControl?: string | undefined;
	/** User metadata, stored as `x-amz-meta-*`. Names that differ in case only are refused: storages lose one. */
	readonly metadata?: Readonly<Record<string, string>> | undefined;
	/** Storage class, such as `STANDARD_IA`. */
	readonly storageClass?: string | undefined;
	/** Canned ACL, such as `private`. */
	readonly acl?: string | undefined;
	/** Server-side encryption: `AES256` or `aws:kms`. */
	readonly sse?: string | undefined;
	readonly sseKmsKeyId?: string | undefined;
}
