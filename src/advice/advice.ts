/**
 * Advice on an error, a warning or a finding, as data. `message` says the same in the words of the
 * library; a program with its own words, such as the command line, says `problem` and puts the advice into words.
 */
export type Advice =
	/** Set an option, or the alternative to it. */
	| {
			readonly kind: "set-option";
			readonly option: string;
			/** The value to set, if it is known. */
			readonly value?: string | true | undefined;
			/** An option that helps as well. */
			readonly alternative?: string | undefined;
			/** An environment variable that does the same. */
			readonly variable?: string | undefined;
			/** A value that would be valid. */
			readonly example?: string | undefined;
			/** Why, or in which case: `to …`, `if …`. */
			readonly purpose?: string | undefined;
	  }
	/** Look where a wrong value came from: the option, or one of the other places. */
	| { readonly kind: "check-option"; readonly option: string; readonly places: readonly string[] }
	/** These options exclude each other. */
	| { readonly kind: "choose-option"; readonly options: readonly [string, string] }
	/** Remember a limit that an option has with this storage. */
	| { readonly kind: "mind-option"; readonly option: string; readonly limit: string }
	| {
			readonly kind: "set-credentials";
			/** The option that names a profile; `profile` if it is not told. */
			readonly option?: string | undefined;
	  }
	/** Look at what earlier runs have left, and remove it if nobody needs it. */
	| { readonly kind: "review-uploads"; readonly bucket: string; readonly key: string }
	| {
			readonly kind: "abort-upload";
			readonly bucket: string;
			readonly key: string;
			readonly uploadId: string;
	  }
	/** Let workers make what is missing of an archive, or remove what is there. */
	| {
			readonly kind: "resume-flow";
			/** Id of the plan. */
			readonly id: string;
			/** Address of its manifest, `s3://bucket/key`. */
			readonly manifest: string;
	  }
	/** Let the storage remove incomplete uploads automatically. */
	| {
			readonly kind: "add-lifecycle-rule";
			readonly bucket: string;
			readonly endpoint: string | undefined;
			/** In the JSON of S3. */
			readonly rule: string;
			/** Whether the bucket has rules, which a new configuration would replace. */
			readonly hasRules: boolean;
	  }
	/** Write a config for backups, or say where it is. */
	| { readonly kind: "write-config" }
	/** Permit an action in a policy. */
	| { readonly kind: "grant"; readonly action: string; readonly resource: string }
	/** Anything else, in words that hold everywhere. */
	| { readonly kind: "other"; readonly text: string };

export type AdviceOf<Kind extends Advice["kind"]> = Extract<Advice, { readonly kind: Kind }>;
