;; Takes two MD5 chains (RFC 1321) through the same data, step by step side by side.
;;
;; Why two: an upload needs the MD5 of each part (Content-MD5, ETag) and of the whole archive. Every step of MD5
;; waits for the result of the step before, so one chain leaves most of a processor core idle. The steps of the
;; second chain run in that idle time: two hashes take as long as one.
;;
;; Memory: bytes 0 to 15 hold the state of the first chain, bytes 16 to 31 that of the second. A state is the four
;; words A, B, C, D of RFC 1321, 3.3, little-endian. The caller writes both before a call and reads them after it.
;; Data starts at byte 64. Two pages of 64 KiB have room for the states and 64 KiB of data.
;;
;; A round (RFC 1321, 3.4) is 16 steps that mix three words with the same function. Each of the 64 steps is
;;
;;     a = b + ((a + f(b, c, d) + X[k] + T[i]) <<< s)
;;
;; with the words in turned roles: [abcd], [dabc], [cdab], [bcda], and again. The comment beside each step is the
;; RFC's own notation, [abcd k s i]: X[k] is word k of the block, s the rotation, T[i] = floor(abs(sin(i)) * 2^32).
;;
;; A step takes three lines: $x = X[k] + T[i], which both chains share, then the first chain ($a $b $c $d), then the
;; second ($A $B $C $D). The word b is always the result of the step before: whatever does not need it comes first.
;;
;; All steps are written out, as WebAssembly has no macros and a call would cost more than a step.
;; `npm run wat` compiles this file into md5-pair.wasm.js.
(module
	(memory (export "memory") 2)

	;; Hashes the blocks of 64 bytes from $block to $end (exclusive): whole blocks, at least one.
	(func (export "compress") (param $block i32) (param $end i32)
		(local $a i32) (local $b i32) (local $c i32) (local $d i32)
		(local $A i32) (local $B i32) (local $C i32) (local $D i32)
		(local $x i32)

		(local.set $a (i32.load offset=0 (i32.const 0))) (local.set $b (i32.load offset=4 (i32.const 0))) (local.set $c (i32.load offset=8 (i32.const 0))) (local.set $d (i32.load offset=12 (i32.const 0)))
		(local.set $A (i32.load offset=16 (i32.const 0))) (local.set $B (i32.load offset=20 (i32.const 0))) (local.set $C (i32.load offset=24 (i32.const 0))) (local.set $D (i32.load offset=28 (i32.const 0)))

		(loop $next
			;; Round 1: F(b, c, d) = (b & c) | (~b & d), which is ((c ^ d) & b) ^ d with one operation less.
			(local.set $x (i32.add (i32.load offset=0  (local.get $block)) (i32.const 0xd76aa478))) ;; [abcd  0  7  1]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.and (local.get $b) (i32.xor (local.get $c) (local.get $d))) (local.get $d))) (i32.const 7))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.and (local.get $B) (i32.xor (local.get $C) (local.get $D))) (local.get $D))) (i32.const 7))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=4  (local.get $block)) (i32.const 0xe8c7b756))) ;; [dabc  1 12  2]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.and (local.get $a) (i32.xor (local.get $b) (local.get $c))) (local.get $c))) (i32.const 12)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.and (local.get $A) (i32.xor (local.get $B) (local.get $C))) (local.get $C))) (i32.const 12)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=8  (local.get $block)) (i32.const 0x242070db))) ;; [cdab  2 17  3]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.and (local.get $d) (i32.xor (local.get $a) (local.get $b))) (local.get $b))) (i32.const 17)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.and (local.get $D) (i32.xor (local.get $A) (local.get $B))) (local.get $B))) (i32.const 17)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=12 (local.get $block)) (i32.const 0xc1bdceee))) ;; [bcda  3 22  4]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.and (local.get $c) (i32.xor (local.get $d) (local.get $a))) (local.get $a))) (i32.const 22)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.and (local.get $C) (i32.xor (local.get $D) (local.get $A))) (local.get $A))) (i32.const 22)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=16 (local.get $block)) (i32.const 0xf57c0faf))) ;; [abcd  4  7  5]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.and (local.get $b) (i32.xor (local.get $c) (local.get $d))) (local.get $d))) (i32.const 7))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.and (local.get $B) (i32.xor (local.get $C) (local.get $D))) (local.get $D))) (i32.const 7))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=20 (local.get $block)) (i32.const 0x4787c62a))) ;; [dabc  5 12  6]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.and (local.get $a) (i32.xor (local.get $b) (local.get $c))) (local.get $c))) (i32.const 12)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.and (local.get $A) (i32.xor (local.get $B) (local.get $C))) (local.get $C))) (i32.const 12)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=24 (local.get $block)) (i32.const 0xa8304613))) ;; [cdab  6 17  7]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.and (local.get $d) (i32.xor (local.get $a) (local.get $b))) (local.get $b))) (i32.const 17)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.and (local.get $D) (i32.xor (local.get $A) (local.get $B))) (local.get $B))) (i32.const 17)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=28 (local.get $block)) (i32.const 0xfd469501))) ;; [bcda  7 22  8]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.and (local.get $c) (i32.xor (local.get $d) (local.get $a))) (local.get $a))) (i32.const 22)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.and (local.get $C) (i32.xor (local.get $D) (local.get $A))) (local.get $A))) (i32.const 22)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=32 (local.get $block)) (i32.const 0x698098d8))) ;; [abcd  8  7  9]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.and (local.get $b) (i32.xor (local.get $c) (local.get $d))) (local.get $d))) (i32.const 7))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.and (local.get $B) (i32.xor (local.get $C) (local.get $D))) (local.get $D))) (i32.const 7))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=36 (local.get $block)) (i32.const 0x8b44f7af))) ;; [dabc  9 12 10]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.and (local.get $a) (i32.xor (local.get $b) (local.get $c))) (local.get $c))) (i32.const 12)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.and (local.get $A) (i32.xor (local.get $B) (local.get $C))) (local.get $C))) (i32.const 12)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=40 (local.get $block)) (i32.const 0xffff5bb1))) ;; [cdab 10 17 11]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.and (local.get $d) (i32.xor (local.get $a) (local.get $b))) (local.get $b))) (i32.const 17)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.and (local.get $D) (i32.xor (local.get $A) (local.get $B))) (local.get $B))) (i32.const 17)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=44 (local.get $block)) (i32.const 0x895cd7be))) ;; [bcda 11 22 12]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.and (local.get $c) (i32.xor (local.get $d) (local.get $a))) (local.get $a))) (i32.const 22)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.and (local.get $C) (i32.xor (local.get $D) (local.get $A))) (local.get $A))) (i32.const 22)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=48 (local.get $block)) (i32.const 0x6b901122))) ;; [abcd 12  7 13]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.and (local.get $b) (i32.xor (local.get $c) (local.get $d))) (local.get $d))) (i32.const 7))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.and (local.get $B) (i32.xor (local.get $C) (local.get $D))) (local.get $D))) (i32.const 7))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=52 (local.get $block)) (i32.const 0xfd987193))) ;; [dabc 13 12 14]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.and (local.get $a) (i32.xor (local.get $b) (local.get $c))) (local.get $c))) (i32.const 12)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.and (local.get $A) (i32.xor (local.get $B) (local.get $C))) (local.get $C))) (i32.const 12)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=56 (local.get $block)) (i32.const 0xa679438e))) ;; [cdab 14 17 15]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.and (local.get $d) (i32.xor (local.get $a) (local.get $b))) (local.get $b))) (i32.const 17)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.and (local.get $D) (i32.xor (local.get $A) (local.get $B))) (local.get $B))) (i32.const 17)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=60 (local.get $block)) (i32.const 0x49b40821))) ;; [bcda 15 22 16]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.and (local.get $c) (i32.xor (local.get $d) (local.get $a))) (local.get $a))) (i32.const 22)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.and (local.get $C) (i32.xor (local.get $D) (local.get $A))) (local.get $A))) (i32.const 22)) (local.get $C)))

			;; Round 2: G(b, c, d) = (b & d) | (c & ~d). The two halves have no bit in common, so each is added by itself,
			;; and c & ~d does not wait for b.
			(local.set $x (i32.add (i32.load offset=4  (local.get $block)) (i32.const 0xf61e2562))) ;; [abcd  1  5 17]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $a) (local.get $x)) (i32.and (local.get $c) (i32.xor (local.get $d) (i32.const -1)))) (i32.and (local.get $b) (local.get $d))) (i32.const 5))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $A) (local.get $x)) (i32.and (local.get $C) (i32.xor (local.get $D) (i32.const -1)))) (i32.and (local.get $B) (local.get $D))) (i32.const 5))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=24 (local.get $block)) (i32.const 0xc040b340))) ;; [dabc  6  9 18]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $d) (local.get $x)) (i32.and (local.get $b) (i32.xor (local.get $c) (i32.const -1)))) (i32.and (local.get $a) (local.get $c))) (i32.const 9))  (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $D) (local.get $x)) (i32.and (local.get $B) (i32.xor (local.get $C) (i32.const -1)))) (i32.and (local.get $A) (local.get $C))) (i32.const 9))  (local.get $A)))
			(local.set $x (i32.add (i32.load offset=44 (local.get $block)) (i32.const 0x265e5a51))) ;; [cdab 11 14 19]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $c) (local.get $x)) (i32.and (local.get $a) (i32.xor (local.get $b) (i32.const -1)))) (i32.and (local.get $d) (local.get $b))) (i32.const 14)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $C) (local.get $x)) (i32.and (local.get $A) (i32.xor (local.get $B) (i32.const -1)))) (i32.and (local.get $D) (local.get $B))) (i32.const 14)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=0  (local.get $block)) (i32.const 0xe9b6c7aa))) ;; [bcda  0 20 20]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $b) (local.get $x)) (i32.and (local.get $d) (i32.xor (local.get $a) (i32.const -1)))) (i32.and (local.get $c) (local.get $a))) (i32.const 20)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $B) (local.get $x)) (i32.and (local.get $D) (i32.xor (local.get $A) (i32.const -1)))) (i32.and (local.get $C) (local.get $A))) (i32.const 20)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=20 (local.get $block)) (i32.const 0xd62f105d))) ;; [abcd  5  5 21]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $a) (local.get $x)) (i32.and (local.get $c) (i32.xor (local.get $d) (i32.const -1)))) (i32.and (local.get $b) (local.get $d))) (i32.const 5))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $A) (local.get $x)) (i32.and (local.get $C) (i32.xor (local.get $D) (i32.const -1)))) (i32.and (local.get $B) (local.get $D))) (i32.const 5))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=40 (local.get $block)) (i32.const 0x02441453))) ;; [dabc 10  9 22]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $d) (local.get $x)) (i32.and (local.get $b) (i32.xor (local.get $c) (i32.const -1)))) (i32.and (local.get $a) (local.get $c))) (i32.const 9))  (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $D) (local.get $x)) (i32.and (local.get $B) (i32.xor (local.get $C) (i32.const -1)))) (i32.and (local.get $A) (local.get $C))) (i32.const 9))  (local.get $A)))
			(local.set $x (i32.add (i32.load offset=60 (local.get $block)) (i32.const 0xd8a1e681))) ;; [cdab 15 14 23]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $c) (local.get $x)) (i32.and (local.get $a) (i32.xor (local.get $b) (i32.const -1)))) (i32.and (local.get $d) (local.get $b))) (i32.const 14)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $C) (local.get $x)) (i32.and (local.get $A) (i32.xor (local.get $B) (i32.const -1)))) (i32.and (local.get $D) (local.get $B))) (i32.const 14)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=16 (local.get $block)) (i32.const 0xe7d3fbc8))) ;; [bcda  4 20 24]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $b) (local.get $x)) (i32.and (local.get $d) (i32.xor (local.get $a) (i32.const -1)))) (i32.and (local.get $c) (local.get $a))) (i32.const 20)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $B) (local.get $x)) (i32.and (local.get $D) (i32.xor (local.get $A) (i32.const -1)))) (i32.and (local.get $C) (local.get $A))) (i32.const 20)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=36 (local.get $block)) (i32.const 0x21e1cde6))) ;; [abcd  9  5 25]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $a) (local.get $x)) (i32.and (local.get $c) (i32.xor (local.get $d) (i32.const -1)))) (i32.and (local.get $b) (local.get $d))) (i32.const 5))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $A) (local.get $x)) (i32.and (local.get $C) (i32.xor (local.get $D) (i32.const -1)))) (i32.and (local.get $B) (local.get $D))) (i32.const 5))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=56 (local.get $block)) (i32.const 0xc33707d6))) ;; [dabc 14  9 26]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $d) (local.get $x)) (i32.and (local.get $b) (i32.xor (local.get $c) (i32.const -1)))) (i32.and (local.get $a) (local.get $c))) (i32.const 9))  (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $D) (local.get $x)) (i32.and (local.get $B) (i32.xor (local.get $C) (i32.const -1)))) (i32.and (local.get $A) (local.get $C))) (i32.const 9))  (local.get $A)))
			(local.set $x (i32.add (i32.load offset=12 (local.get $block)) (i32.const 0xf4d50d87))) ;; [cdab  3 14 27]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $c) (local.get $x)) (i32.and (local.get $a) (i32.xor (local.get $b) (i32.const -1)))) (i32.and (local.get $d) (local.get $b))) (i32.const 14)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $C) (local.get $x)) (i32.and (local.get $A) (i32.xor (local.get $B) (i32.const -1)))) (i32.and (local.get $D) (local.get $B))) (i32.const 14)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=32 (local.get $block)) (i32.const 0x455a14ed))) ;; [bcda  8 20 28]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $b) (local.get $x)) (i32.and (local.get $d) (i32.xor (local.get $a) (i32.const -1)))) (i32.and (local.get $c) (local.get $a))) (i32.const 20)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $B) (local.get $x)) (i32.and (local.get $D) (i32.xor (local.get $A) (i32.const -1)))) (i32.and (local.get $C) (local.get $A))) (i32.const 20)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=52 (local.get $block)) (i32.const 0xa9e3e905))) ;; [abcd 13  5 29]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $a) (local.get $x)) (i32.and (local.get $c) (i32.xor (local.get $d) (i32.const -1)))) (i32.and (local.get $b) (local.get $d))) (i32.const 5))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $A) (local.get $x)) (i32.and (local.get $C) (i32.xor (local.get $D) (i32.const -1)))) (i32.and (local.get $B) (local.get $D))) (i32.const 5))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=8  (local.get $block)) (i32.const 0xfcefa3f8))) ;; [dabc  2  9 30]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $d) (local.get $x)) (i32.and (local.get $b) (i32.xor (local.get $c) (i32.const -1)))) (i32.and (local.get $a) (local.get $c))) (i32.const 9))  (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $D) (local.get $x)) (i32.and (local.get $B) (i32.xor (local.get $C) (i32.const -1)))) (i32.and (local.get $A) (local.get $C))) (i32.const 9))  (local.get $A)))
			(local.set $x (i32.add (i32.load offset=28 (local.get $block)) (i32.const 0x676f02d9))) ;; [cdab  7 14 31]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $c) (local.get $x)) (i32.and (local.get $a) (i32.xor (local.get $b) (i32.const -1)))) (i32.and (local.get $d) (local.get $b))) (i32.const 14)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $C) (local.get $x)) (i32.and (local.get $A) (i32.xor (local.get $B) (i32.const -1)))) (i32.and (local.get $D) (local.get $B))) (i32.const 14)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=48 (local.get $block)) (i32.const 0x8d2a4c8a))) ;; [bcda 12 20 32]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $b) (local.get $x)) (i32.and (local.get $d) (i32.xor (local.get $a) (i32.const -1)))) (i32.and (local.get $c) (local.get $a))) (i32.const 20)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (i32.add (local.get $B) (local.get $x)) (i32.and (local.get $D) (i32.xor (local.get $A) (i32.const -1)))) (i32.and (local.get $C) (local.get $A))) (i32.const 20)) (local.get $C)))

			;; Round 3: H(b, c, d) = b ^ c ^ d.
			(local.set $x (i32.add (i32.load offset=20 (local.get $block)) (i32.const 0xfffa3942))) ;; [abcd  5  4 33]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (local.get $b) (i32.xor (local.get $c) (local.get $d)))) (i32.const 4))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (local.get $B) (i32.xor (local.get $C) (local.get $D)))) (i32.const 4))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=32 (local.get $block)) (i32.const 0x8771f681))) ;; [dabc  8 11 34]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (local.get $a) (i32.xor (local.get $b) (local.get $c)))) (i32.const 11)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (local.get $A) (i32.xor (local.get $B) (local.get $C)))) (i32.const 11)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=44 (local.get $block)) (i32.const 0x6d9d6122))) ;; [cdab 11 16 35]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (local.get $d) (i32.xor (local.get $a) (local.get $b)))) (i32.const 16)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (local.get $D) (i32.xor (local.get $A) (local.get $B)))) (i32.const 16)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=56 (local.get $block)) (i32.const 0xfde5380c))) ;; [bcda 14 23 36]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (local.get $c) (i32.xor (local.get $d) (local.get $a)))) (i32.const 23)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (local.get $C) (i32.xor (local.get $D) (local.get $A)))) (i32.const 23)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=4  (local.get $block)) (i32.const 0xa4beea44))) ;; [abcd  1  4 37]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (local.get $b) (i32.xor (local.get $c) (local.get $d)))) (i32.const 4))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (local.get $B) (i32.xor (local.get $C) (local.get $D)))) (i32.const 4))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=16 (local.get $block)) (i32.const 0x4bdecfa9))) ;; [dabc  4 11 38]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (local.get $a) (i32.xor (local.get $b) (local.get $c)))) (i32.const 11)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (local.get $A) (i32.xor (local.get $B) (local.get $C)))) (i32.const 11)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=28 (local.get $block)) (i32.const 0xf6bb4b60))) ;; [cdab  7 16 39]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (local.get $d) (i32.xor (local.get $a) (local.get $b)))) (i32.const 16)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (local.get $D) (i32.xor (local.get $A) (local.get $B)))) (i32.const 16)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=40 (local.get $block)) (i32.const 0xbebfbc70))) ;; [bcda 10 23 40]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (local.get $c) (i32.xor (local.get $d) (local.get $a)))) (i32.const 23)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (local.get $C) (i32.xor (local.get $D) (local.get $A)))) (i32.const 23)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=52 (local.get $block)) (i32.const 0x289b7ec6))) ;; [abcd 13  4 41]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (local.get $b) (i32.xor (local.get $c) (local.get $d)))) (i32.const 4))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (local.get $B) (i32.xor (local.get $C) (local.get $D)))) (i32.const 4))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=0  (local.get $block)) (i32.const 0xeaa127fa))) ;; [dabc  0 11 42]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (local.get $a) (i32.xor (local.get $b) (local.get $c)))) (i32.const 11)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (local.get $A) (i32.xor (local.get $B) (local.get $C)))) (i32.const 11)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=12 (local.get $block)) (i32.const 0xd4ef3085))) ;; [cdab  3 16 43]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (local.get $d) (i32.xor (local.get $a) (local.get $b)))) (i32.const 16)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (local.get $D) (i32.xor (local.get $A) (local.get $B)))) (i32.const 16)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=24 (local.get $block)) (i32.const 0x04881d05))) ;; [bcda  6 23 44]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (local.get $c) (i32.xor (local.get $d) (local.get $a)))) (i32.const 23)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (local.get $C) (i32.xor (local.get $D) (local.get $A)))) (i32.const 23)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=36 (local.get $block)) (i32.const 0xd9d4d039))) ;; [abcd  9  4 45]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (local.get $b) (i32.xor (local.get $c) (local.get $d)))) (i32.const 4))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (local.get $B) (i32.xor (local.get $C) (local.get $D)))) (i32.const 4))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=48 (local.get $block)) (i32.const 0xe6db99e5))) ;; [dabc 12 11 46]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (local.get $a) (i32.xor (local.get $b) (local.get $c)))) (i32.const 11)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (local.get $A) (i32.xor (local.get $B) (local.get $C)))) (i32.const 11)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=60 (local.get $block)) (i32.const 0x1fa27cf8))) ;; [cdab 15 16 47]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (local.get $d) (i32.xor (local.get $a) (local.get $b)))) (i32.const 16)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (local.get $D) (i32.xor (local.get $A) (local.get $B)))) (i32.const 16)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=8  (local.get $block)) (i32.const 0xc4ac5665))) ;; [bcda  2 23 48]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (local.get $c) (i32.xor (local.get $d) (local.get $a)))) (i32.const 23)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (local.get $C) (i32.xor (local.get $D) (local.get $A)))) (i32.const 23)) (local.get $C)))

			;; Round 4: I(b, c, d) = c ^ (b | ~d).
			(local.set $x (i32.add (i32.load offset=0  (local.get $block)) (i32.const 0xf4292244))) ;; [abcd  0  6 49]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.or (local.get $b) (i32.xor (local.get $d) (i32.const -1))) (local.get $c))) (i32.const 6))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.or (local.get $B) (i32.xor (local.get $D) (i32.const -1))) (local.get $C))) (i32.const 6))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=28 (local.get $block)) (i32.const 0x432aff97))) ;; [dabc  7 10 50]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.or (local.get $a) (i32.xor (local.get $c) (i32.const -1))) (local.get $b))) (i32.const 10)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.or (local.get $A) (i32.xor (local.get $C) (i32.const -1))) (local.get $B))) (i32.const 10)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=56 (local.get $block)) (i32.const 0xab9423a7))) ;; [cdab 14 15 51]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.or (local.get $d) (i32.xor (local.get $b) (i32.const -1))) (local.get $a))) (i32.const 15)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.or (local.get $D) (i32.xor (local.get $B) (i32.const -1))) (local.get $A))) (i32.const 15)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=20 (local.get $block)) (i32.const 0xfc93a039))) ;; [bcda  5 21 52]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.or (local.get $c) (i32.xor (local.get $a) (i32.const -1))) (local.get $d))) (i32.const 21)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.or (local.get $C) (i32.xor (local.get $A) (i32.const -1))) (local.get $D))) (i32.const 21)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=48 (local.get $block)) (i32.const 0x655b59c3))) ;; [abcd 12  6 53]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.or (local.get $b) (i32.xor (local.get $d) (i32.const -1))) (local.get $c))) (i32.const 6))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.or (local.get $B) (i32.xor (local.get $D) (i32.const -1))) (local.get $C))) (i32.const 6))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=12 (local.get $block)) (i32.const 0x8f0ccc92))) ;; [dabc  3 10 54]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.or (local.get $a) (i32.xor (local.get $c) (i32.const -1))) (local.get $b))) (i32.const 10)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.or (local.get $A) (i32.xor (local.get $C) (i32.const -1))) (local.get $B))) (i32.const 10)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=40 (local.get $block)) (i32.const 0xffeff47d))) ;; [cdab 10 15 55]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.or (local.get $d) (i32.xor (local.get $b) (i32.const -1))) (local.get $a))) (i32.const 15)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.or (local.get $D) (i32.xor (local.get $B) (i32.const -1))) (local.get $A))) (i32.const 15)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=4  (local.get $block)) (i32.const 0x85845dd1))) ;; [bcda  1 21 56]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.or (local.get $c) (i32.xor (local.get $a) (i32.const -1))) (local.get $d))) (i32.const 21)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.or (local.get $C) (i32.xor (local.get $A) (i32.const -1))) (local.get $D))) (i32.const 21)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=32 (local.get $block)) (i32.const 0x6fa87e4f))) ;; [abcd  8  6 57]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.or (local.get $b) (i32.xor (local.get $d) (i32.const -1))) (local.get $c))) (i32.const 6))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.or (local.get $B) (i32.xor (local.get $D) (i32.const -1))) (local.get $C))) (i32.const 6))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=60 (local.get $block)) (i32.const 0xfe2ce6e0))) ;; [dabc 15 10 58]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.or (local.get $a) (i32.xor (local.get $c) (i32.const -1))) (local.get $b))) (i32.const 10)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.or (local.get $A) (i32.xor (local.get $C) (i32.const -1))) (local.get $B))) (i32.const 10)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=24 (local.get $block)) (i32.const 0xa3014314))) ;; [cdab  6 15 59]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.or (local.get $d) (i32.xor (local.get $b) (i32.const -1))) (local.get $a))) (i32.const 15)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.or (local.get $D) (i32.xor (local.get $B) (i32.const -1))) (local.get $A))) (i32.const 15)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=52 (local.get $block)) (i32.const 0x4e0811a1))) ;; [bcda 13 21 60]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.or (local.get $c) (i32.xor (local.get $a) (i32.const -1))) (local.get $d))) (i32.const 21)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.or (local.get $C) (i32.xor (local.get $A) (i32.const -1))) (local.get $D))) (i32.const 21)) (local.get $C)))
			(local.set $x (i32.add (i32.load offset=16 (local.get $block)) (i32.const 0xf7537e82))) ;; [abcd  4  6 61]
			(local.set $a (i32.add (i32.rotl (i32.add (i32.add (local.get $a) (local.get $x)) (i32.xor (i32.or (local.get $b) (i32.xor (local.get $d) (i32.const -1))) (local.get $c))) (i32.const 6))  (local.get $b)))
			(local.set $A (i32.add (i32.rotl (i32.add (i32.add (local.get $A) (local.get $x)) (i32.xor (i32.or (local.get $B) (i32.xor (local.get $D) (i32.const -1))) (local.get $C))) (i32.const 6))  (local.get $B)))
			(local.set $x (i32.add (i32.load offset=44 (local.get $block)) (i32.const 0xbd3af235))) ;; [dabc 11 10 62]
			(local.set $d (i32.add (i32.rotl (i32.add (i32.add (local.get $d) (local.get $x)) (i32.xor (i32.or (local.get $a) (i32.xor (local.get $c) (i32.const -1))) (local.get $b))) (i32.const 10)) (local.get $a)))
			(local.set $D (i32.add (i32.rotl (i32.add (i32.add (local.get $D) (local.get $x)) (i32.xor (i32.or (local.get $A) (i32.xor (local.get $C) (i32.const -1))) (local.get $B))) (i32.const 10)) (local.get $A)))
			(local.set $x (i32.add (i32.load offset=8  (local.get $block)) (i32.const 0x2ad7d2bb))) ;; [cdab  2 15 63]
			(local.set $c (i32.add (i32.rotl (i32.add (i32.add (local.get $c) (local.get $x)) (i32.xor (i32.or (local.get $d) (i32.xor (local.get $b) (i32.const -1))) (local.get $a))) (i32.const 15)) (local.get $d)))
			(local.set $C (i32.add (i32.rotl (i32.add (i32.add (local.get $C) (local.get $x)) (i32.xor (i32.or (local.get $D) (i32.xor (local.get $B) (i32.const -1))) (local.get $A))) (i32.const 15)) (local.get $D)))
			(local.set $x (i32.add (i32.load offset=36 (local.get $block)) (i32.const 0xeb86d391))) ;; [bcda  9 21 64]
			(local.set $b (i32.add (i32.rotl (i32.add (i32.add (local.get $b) (local.get $x)) (i32.xor (i32.or (local.get $c) (i32.xor (local.get $a) (i32.const -1))) (local.get $d))) (i32.const 21)) (local.get $c)))
			(local.set $B (i32.add (i32.rotl (i32.add (i32.add (local.get $B) (local.get $x)) (i32.xor (i32.or (local.get $C) (i32.xor (local.get $A) (i32.const -1))) (local.get $D))) (i32.const 21)) (local.get $C)))

			;; The block is done: each word is added to what it was before, and is the state for the next block.
			(i32.store offset=0 (i32.const 0) (local.tee $a (i32.add (local.get $a) (i32.load offset=0 (i32.const 0)))))
			(i32.store offset=4 (i32.const 0) (local.tee $b (i32.add (local.get $b) (i32.load offset=4 (i32.const 0)))))
			(i32.store offset=8 (i32.const 0) (local.tee $c (i32.add (local.get $c) (i32.load offset=8 (i32.const 0)))))
			(i32.store offset=12 (i32.const 0) (local.tee $d (i32.add (local.get $d) (i32.load offset=12 (i32.const 0)))))
			(i32.store offset=16 (i32.const 0) (local.tee $A (i32.add (local.get $A) (i32.load offset=16 (i32.const 0)))))
			(i32.store offset=20 (i32.const 0) (local.tee $B (i32.add (local.get $B) (i32.load offset=20 (i32.const 0)))))
			(i32.store offset=24 (i32.const 0) (local.tee $C (i32.add (local.get $C) (i32.load offset=24 (i32.const 0)))))
			(i32.store offset=28 (i32.const 0) (local.tee $D (i32.add (local.get $D) (i32.load offset=28 (i32.const 0)))))

			(br_if $next (i32.lt_u (local.tee $block (i32.add (local.get $block) (i32.const 64))) (local.get $end)))
		)
	)
)
