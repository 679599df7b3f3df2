/* The encoder's subsampling (three convolutions of stride 2), forward and backward, one clip at a time. */
#include <stdlib.h>
#include <string.h>
#define C 32
typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef struct { v16 a, b; } vec;               /* one position's channels */
static inline vec load(const float *p) { return (vec){*(const v16 *)p, *(const v16 *)(p + 16)}; }
static inline void store(float *p, vec v) { *(v16 *)p = v.a; *(v16 *)(p + 16) = v.b; }
static const v16 zero16;
static inline v16 relu(v16 x) { return (v16)((x > zero16) & (__typeof__(x > zero16))x); }

static inline vec kept(vec s, int rectify) { return rectify ? (vec){relu(s.a), relu(s.b)} : s; }

/* y[p] = start + x[p] W, rectified or not; W [in][out], four positions at a time */
static inline __attribute__((always_inline)) void
multiply(const float *x, float *y, long n, const float *w, vec start, int rectify) {
    long p = 0;
    for (; p + 4 <= n; p += 4) {
        vec s0 = start, s1 = start, s2 = start, s3 = start;
        const float *q = x + p * C;
        for (int i = 0; i < C; i++) {
            vec r = load(w + i * C);
            s0.a += q[i] * r.a; s0.b += q[i] * r.b;
            s1.a += q[C + i] * r.a; s1.b += q[C + i] * r.b;
            s2.a += q[2 * C + i] * r.a; s2.b += q[2 * C + i] * r.b;
            s3.a += q[3 * C + i] * r.a; s3.b += q[3 * C + i] * r.b;
        }
        store(y + p * C, kept(s0, rectify)); store(y + (p + 1) * C, kept(s1, rectify));
        store(y + (p + 2) * C, kept(s2, rectify)); store(y + (p + 3) * C, kept(s3, rectify));
    }
    for (; p < n; p++) {
        vec s = start;
        for (int i = 0; i < C; i++) { vec r = load(w + i * C); s.a += x[p * C + i] * r.a; s.b += x[p * C + i] * r.b; }
        store(y + p * C, kept(s, rectify));
    }
}
static void pointwise(const float *x, float *y, long n, const float *w, const float *bias) {
    multiply(x, y, n, w, load(bias), 1);
}
static void plain(const float *x, float *y, long n, const float *w) {
    multiply(x, y, n, w, (vec){zero16, zero16}, 0);
}
/* gw[in][out] += x[p][in] g[p][out] */
static void outer(const float *x, const float *g, long n, float *gw) {
    for (int i = 0; i < C; i += 4) {
        vec s0 = load(gw + i * C), s1 = load(gw + (i + 1) * C), s2 = load(gw + (i + 2) * C), s3 = load(gw + (i + 3) * C);
        for (long p = 0; p < n; p++) {
            vec r = load(g + p * C);
            const float *q = x + p * C + i;
            s0.a += q[0] * r.a; s0.b += q[0] * r.b; s1.a += q[1] * r.a; s1.b += q[1] * r.b;
            s2.a += q[2] * r.a; s2.b += q[2] * r.b; s3.a += q[3] * r.a; s3.b += q[3] * r.b;
        }
        store(gw + i * C, s0); store(gw + (i + 1) * C, s1); store(gw + (i + 2) * C, s2); store(gw + (i + 3) * C, s3);
    }
}
/* depthwise 3x3, stride 2, padding 1: x [t][f][C] to y [t/2][f/2][C]; w [9][C] */
static void depth(const float *x, float *y, long t, long f, const float *w, const float *bias) {
    vec b = load(bias), k[9];
    for (int i = 0; i < 9; i++) k[i] = load(w + i * C);
    for (long u = 0; u < t / 2; u++) for (long v = 0; v < f / 2; v++) {
        vec s = b;
        for (int i = 0; i < 3; i++) { long r = 2 * u + i - 1; if (r < 0 || r >= t) continue;
            for (int j = 0; j < 3; j++) { long c = 2 * v + j - 1; if (c < 0 || c >= f) continue;
                vec q = load(x + (r * f + c) * C); s.a += q.a * k[3 * i + j].a; s.b += q.b * k[3 * i + j].b; } }
        store(y + (u * (f / 2) + v) * C, s);
    }
}
static void depth_back(const float *x, const float *g, float *gx, long t, long f, const float *w, float *gw, float *gb) {
    vec k[9], d[9], b = load(gb);
    for (int i = 0; i < 9; i++) { k[i] = load(w + i * C); d[i] = load(gw + i * C); }
    memset(gx, 0, sizeof(float) * t * f * C);
    for (long u = 0; u < t / 2; u++) for (long v = 0; v < f / 2; v++) {
        vec s = load(g + (u * (f / 2) + v) * C);
        b.a += s.a; b.b += s.b;
        for (int i = 0; i < 3; i++) { long r = 2 * u + i - 1; if (r < 0 || r >= t) continue;
            for (int j = 0; j < 3; j++) { long c = 2 * v + j - 1; if (c < 0 || c >= f) continue;
                int m = 3 * i + j; long at = (r * f + c) * C;
                vec q = load(x + at), o = load(gx + at);
                d[m].a += q.a * s.a; d[m].b += q.b * s.b;
                o.a += k[m].a * s.a; o.b += k[m].b * s.b; store(gx + at, o); } }
    }
    for (int i = 0; i < 9; i++) store(gw + i * C, d[i]);
    store(gb, b);
}
static void first(const float *x, float *y, long t, long f, const float *w, const float *bias) {
    vec b = load(bias), k[9];
    for (int i = 0; i < 9; i++) k[i] = load(w + i * C);
    for (long u = 0; u < t / 2; u++) for (long v = 0; v < f / 2; v++) {
        vec s = b;
        for (int i = 0; i < 3; i++) { long r = 2 * u + i - 1; if (r < 0 || r >= t) continue;
            for (int j = 0; j < 3; j++) { long c = 2 * v + j - 1; if (c < 0 || c >= f) continue;
                float q = x[r * f + c]; s.a += q * k[3 * i + j].a; s.b += q * k[3 * i + j].b; } }
        store(y + (u * (f / 2) + v) * C, (vec){relu(s.a), relu(s.b)});
    }
}
static void first_back(const float *x, const float *g, long t, long f, float *gw, float *gb) {
    vec d[9], b = load(gb);
    for (int i = 0; i < 9; i++) d[i] = load(gw + i * C);
    for (long u = 0; u < t / 2; u++) for (long v = 0; v < f / 2; v++) {
        vec s = load(g + (u * (f / 2) + v) * C);
        b.a += s.a; b.b += s.b;
        for (int i = 0; i < 3; i++) { long r = 2 * u + i - 1; if (r < 0 || r >= t) continue;
            for (int j = 0; j < 3; j++) { long c = 2 * v + j - 1; if (c < 0 || c >= f) continue;
                float q = x[r * f + c]; d[3 * i + j].a += q * s.a; d[3 * i + j].b += q * s.b; } }
    }
    for (int i = 0; i < 9; i++) store(gw + i * C, d[i]);
    store(gb, b);
}
static void gate(const float *y, float *g, long n) {   /* gradient where relu let through */
    for (long i = 0; i < n; i += 16) { v16 q = *(const v16 *)(y + i); v16 *o = (v16 *)(g + i);
        *o = (v16)((q > zero16) & (__typeof__(q > zero16))*o); }
}
static void bias_back(const float *g, long n, float *gb) {
    vec b = load(gb);
    for (long p = 0; p < n; p++) { vec r = load(g + p * C); b.a += r.a; b.b += r.b; }
    store(gb, b);
}
/* weights: w1[9][C] b1[C] | d2[9][C] e2[C] p2[in][out] b2[C] | d3 e3 p3 b3 ; T % 8 == 0, F % 8 == 0 */
enum { W1 = 0, B1 = 9 * C, D2 = 10 * C, E2 = 19 * C, P2 = 20 * C, B2 = 20 * C + C * C, D3 = B2 + C, E3 = D3 + 9 * C, P3 = E3 + C, B3 = P3 + C * C, ALL = B3 + C };
void front_forward(const float *x, float *out, long n, long t, long f, const float *w) {
    long n1 = t * f / 4 * C, n2 = n1 / 4, n3 = n2 / 4;
    float *y1 = malloc(sizeof(float) * (n1 + 2 * n2 + n3)), *z2 = y1 + n1, *y2 = z2 + n2, *z3 = y2 + n2;
    for (long c = 0; c < n; c++) {
        first(x + c * t * f, y1, t, f, w + W1, w + B1);
        depth(y1, z2, t / 2, f / 2, w + D2, w + E2);
        pointwise(z2, y2, n2 / C, w + P2, w + B2);
        depth(y2, z3, t / 4, f / 4, w + D3, w + E3);
        pointwise(z3, out + c * n3, n3 / C, w + P3, w + B3);
    }
    free(y1);
}
void front_backward(const float *x, const float *out, const float *g, long n, long t, long f, const float *w, const float *turned2, const float *turned3, float *gw) {
    long n1 = t * f / 4 * C, n2 = n1 / 4, n3 = n2 / 4;
    float *y1 = malloc(sizeof(float) * (2 * n1 + 4 * n2 + 3 * n3));
    float *g1 = y1 + n1, *z2 = g1 + n1, *y2 = z2 + n2, *g2 = y2 + n2, *h2 = g2 + n2, *z3 = h2 + n2, *g3 = z3 + n3, *h3 = g3 + n3;
    for (long c = 0; c < n; c++) {
        const float *xc = x + c * t * f;
        first(xc, y1, t, f, w + W1, w + B1);
        depth(y1, z2, t / 2, f / 2, w + D2, w + E2);
        pointwise(z2, y2, n2 / C, w + P2, w + B2);
        depth(y2, z3, t / 4, f / 4, w + D3, w + E3);
        memcpy(g3, g + c * n3, sizeof(float) * n3);
        gate(out + c * n3, g3, n3);
        outer(z3, g3, n3 / C, gw + P3); bias_back(g3, n3 / C, gw + B3);
        plain(g3, h3, n3 / C, turned3);
        depth_back(y2, h3, g2, t / 4, f / 4, w + D3, gw + D3, gw + E3);
        gate(y2, g2, n2);
        outer(z2, g2, n2 / C, gw + P2); bias_back(g2, n2 / C, gw + B2);
        plain(g2, h2, n2 / C, turned2);
        depth_back(y1, h2, g1, t / 2, f / 2, w + D2, gw + D2, gw + E2);
        gate(y1, g1, n1);
        first_back(xc, g1, t, f, gw + W1, gw + B1);
    }
    free(y1);
}
