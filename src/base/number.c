/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading: a strict grammar, then Clinger's exact fast path (at most 15 digits and a small power of ten are one
 * correctly rounded operation on exact doubles), an exact 128-bit quotient for the 16 to 19 digits that printing to
 * full precision makes, else strtod in the C locale. Writing: exact digits where they fit in a word, else printf in
 * the C locale.
 */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

typedef struct parts {
    bool negative;
    unsigned long long mantissa; /* of at most 19 digits */
    int digits;                  /* significant ones seen */
    long exponent;               /* of ten, to scale the mantissa */
    bool nonzero;
} parts;

static const char *scan_digits(const char *s, const char *end, parts *p, bool fraction)
{
    unsigned long long mantissa = p->mantissa;
    int digits = p->digits;
    long exponent = p->exponent;
    for (; s < end; s++) {
        const unsigned digit = (unsigned)*s - '0';
        if (digit > 9)
            break;
        digits += digits || digit;
        if (digits <= 19)
            mantissa = 10 * mantissa + digit;
        else
            exponent++;
        exponent -= fraction;
        p->nonzero = p->nonzero || digit;
    }
    p->mantissa = mantissa;
    p->digits = digits;
    p->exponent = exponent;
    return s;
}

/* Returns false unless all of [s, end) is a number. */
static bool scan(const char *s, const char *end, char decimal, parts *p)
{
    *p = (parts){ 0 };
    if (s < end && (*s == '+' || *s == '-'))
        p->negative = *s++ == '-';
    const char *start = s;
    s = scan_digits(s, end, p, false);
    size_t n_digits = (size_t)(s - start);
    if (s < end && *s == decimal) {
        start = ++s;
        s = scan_digits(s, end, p, true);
        n_digits += (size_t)(s - start);
    }
    if (!n_digits)
        return false;
    if (s < end && (*s == 'e' || *s == 'E')) {
        s++;
        const bool minus = s < end && *s == '-';
        if (s < end && (*s == '+' || *s == '-'))
            s++;
        if (s == end)
            return false;
        long e = 0;
        for (; s < end && *s >= '0' && *s <= '9'; s++)
            if (e < 100000000)
                e = 10 * e + (*s - '0');
        p->exponent += minus ? -e : e;
    }
    return s == end;
}

__extension__ typedef unsigned __int128 uint128;

/* Powers of five below 2^63. */
static const unsigned long long five_to[] = {
    1ULL, 5ULL, 25ULL, 125ULL, 625ULL, 3125ULL, 15625ULL, 78125ULL, 390625ULL, 1953125ULL, 9765625ULL,
    48828125ULL, 244140625ULL, 1220703125ULL, 6103515625ULL, 30517578125ULL, 152587890625ULL, 762939453125ULL,
    3814697265625ULL, 19073486328125ULL, 95367431640625ULL, 476837158203125ULL, 2384185791015625ULL,
    11920928955078125ULL, 59604644775390625ULL, 298023223876953125ULL, 1490116119384765625ULL,
    7450580596923828125ULL,
};

/*
 * The mantissa over a power of ten, m / 10^k = (m / 5^k) / 2^k for k <= 27, where 5^k < 2^63: with m shifted to fill 64
 * bits the quotient of m 2^64 has at least 64, and whether a remainder is left settles the rounding (half to even).
 */
static double quotient(unsigned long long m, int k)
{
    const unsigned long long five = five_to[k];
    const int shift = __builtin_clzll(m);
    const uint128 n = (uint128)(m << shift) << 64, q = n / five;
    const int extra = 128 - __builtin_clzll((unsigned long long)(q >> 64)) - 53; /* bits below the 53 of a double */
    const uint128 half = (uint128)1 << (extra - 1), below = q & ((half << 1) - 1);
    unsigned long long bits = (unsigned long long)(q >> extra);
    if (below > half || (below == half && (n % five || (bits & 1))))
        bits++;
    return ldexp((double)bits, extra - 64 - shift - k);
}

/* Any length; the text has passed scan(). Returns NaN if out of memory. */
static double read_slow(const char *s, size_t n, char decimal)
{
    char small[128], *copy = n < sizeof small ? small : mpl__realloc(NULL, n + 1, 1);
    if (!copy)
        return NAN;
    memcpy(copy, s, n);
    copy[n] = '\0';
    if (decimal != '.') {
        char *point = memchr(copy, decimal, n);
        if (point)
            *point = '.';
    }
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const double x = strtod_l(copy, NULL, c);
    freelocale(c);
    if (copy != small)
        mpl__free(copy);
    return x;
}

static const double ten[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* The n <= 8 bytes at s, the first in the lowest of a word. */
static uint64_t load(const char *s, size_t n)
{
    uint64_t word = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (n >= 4) { /* two halves that may overlap */
        uint32_t low, high;
        memcpy(&low, s, sizeof low);
        memcpy(&high, s + n - 4, sizeof high);
        return low | (uint64_t)high << 8 * (n - 4);
    }
#endif
    for (size_t i = 0; i < n; i++)
        word |= (uint64_t)(unsigned char)s[i] << 8 * i;
    return word;
}

/*
 * Most numbers: at most 8 bytes without an exponent, all in one word. The point is cut out; the digits, moved to the
 * end of the word behind zeros, are checked and added up in pairs, fours and eights (Lemire 2018, Quickly parsing eight
 * digits). False for all others, and for what is no number.
 */
static bool read_word(const char *s, size_t n, char decimal, double *out)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    const bool negative = n > 0 && *s == '-';
    s += negative;
    n -= negative;
    if (n == 0 || n > 8)
        return false;
    const uint64_t bytes = load(s, n), at_point = bytes ^ (unsigned char)decimal * ones;
    const uint64_t found = (at_point - ones) & ~at_point & tops; /* its lowest bit is that of the first point */
    uint64_t digits = bytes;
    size_t decimals = 0;
    if (found) {
        const unsigned point = (unsigned)__builtin_ctzll(found) / 8;
        const uint64_t before = (1ULL << 8 * point) - 1;
        digits = (bytes & before) | (bytes >> 8 & ~before);
        decimals = --n - point;
        if (n == 0)
            return false;
    }
    digits = (digits ^ 0x3030303030303030u) << 8 * (8 - n);
    if ((digits | (digits + 0x7676767676767676u)) & tops)
        return false;
    digits = digits * 10 + (digits >> 8);
    digits = ((digits & 0x000000FF000000FFu) * (100 + (1000000ULL << 32)) +
              ((digits >> 16) & 0x000000FF000000FFu) * (1 + (10000ULL << 32))) >> 32;
    if (negative && !digits)
        return false;
    const double x = (double)digits / ten[decimals];
    *out = negative ? -x : x;
    return true;
}

/* At most 15 digits without an exponent. False for all others, and for what is no number. */
static bool read_short(const char *s, size_t n, char decimal, double *out)
{
    const char *const end = s + n;
    const bool negative = n > 0 && *s == '-';
    s += negative;
    unsigned long long mantissa = 0;
    const char *point = NULL;
    const char *const start = s;
    if (end - s > 16)
        return false;
    for (; s < end; s++) {
        const unsigned digit = (unsigned)*s - '0';
        if (digit <= 9)
            mantissa = 10 * mantissa + digit;
        else if (*s == decimal && !point)
            point = s;
        else
            return false;
    }
    const long digits = end - start - (point != NULL);
    if (digits < 1 || digits > 15 || (negative && !mantissa))
        return false;
    const double x = point ? (double)mantissa / ten[end - point - 1] : (double)mantissa;
    *out = negative ? -x : x;
    return true;
}

mpl__number_status mpl__number_read(const char *s, size_t n, char decimal, double *out)
{
    parts p;
    if (read_word(s, n, decimal, out) || read_short(s, n, decimal, out))
        return MPL__NUMBER_OK;
    if (!scan(s, s + n, decimal, &p))
        return MPL__NUMBER_NOT;
    if (!p.nonzero) {
        *out = p.negative ? -0.0 : 0.0;
        return MPL__NUMBER_OK;
    }
    if (p.digits <= 15 && p.exponent >= -22 && p.exponent <= 22) {
        const double m = (double)p.mantissa;
        const double x = p.exponent < 0 ? m / ten[-p.exponent] : m * ten[p.exponent];
        *out = p.negative ? -x : x;
        return MPL__NUMBER_OK;
    }
    if (p.digits <= 19 && p.exponent < 0 && p.exponent >= -27) {
        const double x = quotient(p.mantissa, (int)-p.exponent);
        *out = p.negative ? -x : x;
        return MPL__NUMBER_OK;
    }
    const double x = read_slow(s, n, decimal);
    if (isnan(x))
        return MPL__NUMBER_NOT;
    if (isinf(x))
        return MPL__NUMBER_OVERFLOW;
    *out = x;
    return x == 0 ? MPL__NUMBER_UNDERFLOW : MPL__NUMBER_OK;
}

/* snprintf of one double under the C locale, whatever the thread's. */
static size_t print(char *out, size_t size, const char *fmt, int digits, double x)
{
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const locale_t old = uselocale(c);
    const int n = snprintf(out, size, fmt, digits, x);
    uselocale(old);
    freelocale(c);
    return n < 0 ? 0 : (size_t)n;
}

/*
 * The digits of "%.*g" for the fewest of 15 to 17 digits that read back equal, filled up with zeros to a whole number
 * of 17 digits, for 10^top <= x < 10^(top + 1), -10 <= top <= 14. In units of 2^-s the 17 digits and what follows them
 * are the exact n = x 10^k 2^s < 2^117. The digits read back equal if they are nearer to n than half the gap to the
 * next double, which is 5^k in these units, and odd: there are no ties. Below a power of two the gap is half as wide.
 * Half a gap is at most 12 units of the 17th digit (2^-53 of 10^17), so that most doubles have no 15 digits at a
 * glance; whether 16 or 17 are needed is a matter of chance, and is settled without a jump.
 */
static unsigned long long shortest(double x, int top)
{
    unsigned long long bits;
    memcpy(&bits, &x, sizeof bits);
    const unsigned long long fraction = bits & ((1ULL << 52) - 1);
    const int k = 16 - top, s = 1075 - (int)(bits >> 52) - k; /* 1 <= s <= 60 */
    const uint128 n = (uint128)(fraction | 1ULL << 52) * five_to[k];
    const unsigned long long whole = (unsigned long long)(n >> s), rest = (unsigned long long)n & ((1ULL << s) - 1);
    const unsigned long long m15 = whole / 100, m16 = whole / 10, half = 1ULL << (s - 1), gap = five_to[k];
    const unsigned cut15 = (unsigned)(whole - 100 * m15), cut16 = (unsigned)(whole - 10 * m16);
    const int narrow = !fraction;
    if (cut15 <= 12 && ((unsigned long long)cut15 << s) + rest <= gap >> (1 + narrow))
        return 100 * m15;
    if (cut15 >= 88 && ((unsigned long long)(100 - cut15) << s) - rest <= gap >> 1)
        return 100 * (m15 + 1);
    const unsigned long long cut = ((unsigned long long)cut16 << s) + rest, five = 5ULL << s;
    const unsigned long long up16 = (cut > five) | ((cut == five) & m16);
    const unsigned long long up17 = (rest > half) | ((rest == half) & whole);
    const unsigned long long off = up16 & 1 ? (10ULL << s) - cut : cut;
    const unsigned long long is_16 = -(unsigned long long)(off <= gap >> (up16 & 1 ? 1 : 1 + narrow));
    return (is_16 & 10 * (m16 + (up16 & 1))) | (~is_16 & (whole + (up17 & 1)));
}

/*
 * The eight digits of m < 10^8, one in each byte, the first in the lowest: halves, quarters and eighths side by side in
 * one word, divided by multiplying (Khuong 2017, How to print integers really fast).
 */
static uint64_t eight_digits(unsigned m)
{
    const uint64_t fours = m / 10000 | (uint64_t)(m % 10000) << 32;
    const uint64_t hundreds = ((fours * 10486) >> 20) & 0x0000007F0000007Fu;
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = ((twos * 103) >> 10) & 0x000F000F000F000Fu;
    return tens | (twos - 10 * tens) << 8;
}

/* Digits as text. */
static void put_eight(char *out, uint64_t digits)
{
    digits |= 0x3030303030303030u;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    digits = __builtin_bswap64(digits);
#endif
    memcpy(out, &digits, sizeof digits);
}

/* "1.25e-07": 17 digits without their last zeros, times a power of ten from -5 to -10. */
static size_t write_power(unsigned first, uint64_t a, uint64_t b, size_t n, int power, char *out)
{
    const size_t used = n > 1 ? n + 1 : 1;
    out[0] = (char)('0' + first);
    out[1] = '.';
    put_eight(out + 2, a);
    put_eight(out + 10, b);
    memcpy(out + used, "e-0", 3);
    out[used + 2] = (char)('0' + power / 10);
    out[used + 3] = (char)('0' + power % 10);
    out[used + 4] = '\0';
    return used + 4;
}

/* What "%.*g" prints of 10^-10 <= x < 10^15, in whole numbers. Returns the length; writes at most 26 bytes. */
static size_t write_plain(double x, char *out)
{
    /* The doubles next to the negative powers lie above them, so that comparing is exact. */
    static const double power[] = { 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1,  1e2,
                                    1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14 };
    unsigned long long bits;
    memcpy(&bits, &x, sizeof bits);
    int top = (((int)(bits >> 52) - 1023) * 1233 + (11 << 12)) / 4096 - 11; /* 10^top <= 2^exponent <= x */
    if (top < -10)
        top = -10;
    else if (top < 14)
        top += x >= power[top + 10]; /* x < 10^(top + 2) */
    const unsigned long long m = shortest(x, top), most = m / 100000000; /* the first 9 of 17 digits */
    const unsigned first = (unsigned)(most / 100000000);
    const uint64_t a = eight_digits((unsigned)(most % 100000000)), b = eight_digits((unsigned)(m % 100000000));
    const size_t n = b ? 17 - (size_t)__builtin_clzll(b) / 8 : a ? 9 - (size_t)__builtin_clzll(a) / 8 : 1;
    if (top < -4)
        return write_power(first, a, b, n, -top, out);
    if (top < 0) {
        memcpy(out, "0.000", 6);
        char *const at = out + 1 - top;
        *at = (char)('0' + first);
        put_eight(at + 1, a);
        put_eight(at + 9, b);
        at[n] = '\0';
        return (size_t)(1 - top) + n;
    }
    const size_t whole = (size_t)top + 1, used = n > whole ? n + 1 : whole;
    const uint128 decimals = ((uint128)b << 64 | a) >> 8 * top; /* behind the point; in a word, because to read back */
    *out = (char)('0' + first);                                 /* what was just written as bytes is slow */
    put_eight(out + 1, a);
    put_eight(out + 9, b);
    if (n > whole) {
        out[whole] = '.';
        put_eight(out + whole + 1, (uint64_t)decimals);
        if (whole <= 8)
            put_eight(out + whole + 9, (uint64_t)(decimals >> 64));
    }
    out[used] = '\0';
    return used;
}

/* Counts and row numbers are common. |x| < 10^9. Writes at most 11 bytes. */
static size_t write_whole(int x, char *out)
{
    char *p = out;
    const unsigned m = (unsigned)(x < 0 ? -x : x);
    *p = '-';
    p += x < 0;
    if (m >= 100000000) {
        *p++ = (char)('0' + m / 100000000);
        put_eight(p, eight_digits(m % 100000000));
        p += 8;
    } else {
        const uint64_t digits = eight_digits(m);
        const unsigned zeros = digits ? (unsigned)__builtin_ctzll(digits) / 8 : 7; /* before the number */
        put_eight(p, digits >> 8 * zeros);
        p += 8 - zeros;
    }
    *p = '\0';
    return (size_t)(p - out);
}

/* The same for all others, by trying. */
static size_t write_rare(double x, char out[MPL__NUMBER_SIZE])
{
    if (isnan(x) || isinf(x))
        return (size_t)snprintf(out, MPL__NUMBER_SIZE, "%s", isnan(x) ? "" : x > 0 ? "Inf" : "-Inf");
    size_t n = 0;
    for (int digits = 15; digits <= 17; digits++) {
        double back;
        n = print(out, MPL__NUMBER_SIZE, "%.*g", digits, x);
        if (digits == 17 || (mpl__number_read(out, n, '.', &back) == MPL__NUMBER_OK && back == x))
            break;
    }
    return n;
}

size_t mpl__number_write(double x, char out[MPL__NUMBER_SIZE])
{
    const double size = fabs(x);
    if (size < 1e9 && x == (double)(int)x) /* also -0, which is written as 0 */
        return write_whole((int)x, out);
    if (!(size >= 1e-10 && size < 1e15))
        return write_rare(x, out);
    out[0] = '-';
    return write_plain(size, out + (x < 0)) + (x < 0);
}

size_t mpl__number_fixed(double x, int digits, char out[350])
{
    size_t n = print(out, 350, "%.*f", digits, x);
    if (out[0] == '-' && strspn(out + 1, "0.") == n - 1)
        memmove(out, out + 1, n--);
    return n;
}

size_t mpl__number_significant(double x, int digits, char out[350])
{
    return print(out, 350, "%.*g", digits, x == 0 ? 0 : x);
}

size_t mpl__number_decimals(double x, int digits, char out[350])
{
    const double noise = 1e-13; /* what rounding leaves of a limit that is 0 */
    if (fabs(x) > noise && fabs(x) < 0.5 * pow(10, -digits))
        return mpl__number_significant(x, 2, out);
    return fabs(x) < 1e7 ? mpl__number_fixed(x, digits, out) : mpl__number_significant(x, 4, out);
}
