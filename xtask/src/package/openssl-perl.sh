#!/bin/sh
# Stands in for perl while OpenSSL is built from its sources for a package (OPENSSL_SRC_PERL),
# so that the library holds what SQLCipher asks for: AES-CBC, SHA, HMAC, PBKDF2 and random bytes.
#
# OpenSSL's own build calls perl for two things. Configure gets the algorithms to leave out, of
# which there is a list in OpenSSL's INSTALL.md, and flags for size. The script that writes
# AES-GCM for AVX-512 is told of an assembler that is too old for it: SQLCipher does not use it,
# no phone could, and it takes 0.7 MB of an emulator's library.
set -eu
PERL="$0"
export PERL
case "${1-}" in
./Configure)
    shift
    exec perl ./Configure "$@" -Os -fno-asynchronous-unwind-tables \
        no-apps no-argon2 no-aria no-async no-autoload-config no-bf no-blake2 no-cast no-chacha \
        no-cmac no-cmp no-cms no-ct no-deprecated no-des no-dh no-dsa no-dtls no-ec no-engine \
        no-err no-filenames no-gost no-http no-lms no-md4 no-mdc2 no-ml-dsa no-ml-kem \
        no-multiblock no-nextprotoneg no-ocb no-ocsp no-poly1305 no-psk no-quic no-rc2 no-rc4 \
        no-rfc3779 no-rmd160 no-scrypt no-siphash no-siv no-slh-dsa no-sm2 no-sm3 no-sm4 no-sock \
        no-srp no-srtp no-tls no-ts no-ui-console no-whirlpool
    ;;
*/aes-gcm-avx512.pl)
    CC='echo GNU assembler version 2.20'
    export CC
    ;;
esac
exec perl "$@"
