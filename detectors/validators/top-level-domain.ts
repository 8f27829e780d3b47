/** Country code domains (ISO 3166-1 and the few besides that are delegated). */
const COUNTRIES =
  'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd cf cg ch ' +
  'ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm ' +
  'gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb ' +
  'lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu ' +
  'nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy ' +
  'sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw';

/** Generic domains people have addresses under, by use. The other thousand are rarer than file names that look like them. */
const GENERIC =
  'com net org edu gov mil int arpa info biz name pro aero asia cat coop jobs mobi museum post tel travel xxx ' +
  'academy accountant actor agency ai app art associates attorney auction audio band bank bar bargains beauty beer berlin best bet bid ' +
  'bike bio blog boutique build builders business buzz cab cafe camera camp capital care career careers casa cash center ceo chat ' +
  'church city claims cleaning click clinic clothing cloud club coach codes coffee college community company computer consulting ' +
  'contact contractors cool country courses credit dance data dating deals degree delivery democrat dental dentist design dev diamonds ' +
  'digital direct directory doctor dog domains earth eco education email energy engineer engineering enterprises equipment estate ' +
  'events exchange expert exposed express family fan farm fashion film finance financial fish fit fitness flights florist foundation ' +
  'fun fund furniture fyi gallery game games garden gift gives global gmbh gold golf google graphics green gripe group guide guru ' +
  'health healthcare help holdings holiday homes horse hospital host hosting house icu immo inc industries ink institute insure ' +
  'international investments kitchen land law lawyer lease legal life lighting limited limo link live llc loan loans lol london love ' +
  'ltd ltda luxury maison management market marketing markets mba media med memorial men menu miami moda moe money mortgage movie ' +
  'music network news ngo ninja nyc one ong online ooo paris partners parts party pet pharmacy photo photography photos physio pics ' +
  'pictures pink pizza place plus press productions promo properties property pub pw quebec realty recipes red rehab reisen rent ' +
  'rentals repair report rest restaurant review reviews rich rip rocks run sale salon school science scot security services sex sexy ' +
  'shoes shop shopping show singles site ski social software solar solutions space store stream studio style supplies supply support ' +
  'surf surgery swiss systems tattoo tax taxi team tech technology tennis theater tips tires today tokyo tools top tours town toys ' +
  'trade trading training tube university uno vacations ventures vet video villas vin vip vision vlaanderen vote voyage wales wang ' +
  'watch webcam website wedding wien wiki win wine work works world wtf xyz yoga zone';

/** Those that are not punycode. */
export const TOP_LEVEL_DOMAINS: ReadonlySet<string> = new Set(`${COUNTRIES} ${GENERIC}`.split(' '));

/** Whether a last label (lower case) is a domain of the public root; punycode ones always are. */
export function isTopLevelDomain(label: string): boolean {
  return TOP_LEVEL_DOMAINS.has(label) || label.startsWith('xn--');
}
