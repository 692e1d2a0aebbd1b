PRAGMA application_id = 1396127052;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE agreements (
	id INTEGER NOT NULL, 
	from_period INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	posted_at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	program TEXT NOT NULL, 
	CONSTRAINT pk_agreements PRIMARY KEY (id), 
	CONSTRAINT ck_agreements_from_period CHECK (from_period BETWEEN 1 AND 13)
)
 STRICT

;
INSERT INTO "agreements" VALUES(1,1,'[agreement]
id = "testshire-bcf"
title = "Testshire Better Care Fund"
financial_year = "2022/23"

[[partner]]
code = "COUNCIL"
name = "Testshire Council"
kind = "council"

[[partner]]
code = "CCG"
name = "NHS Testshire CCG"
kind = "ccg"

[[partner]]
code = "ICB"
name = "NHS Testshire ICB"
kind = "icb"
succeeds = ["CCG"]
from = 2022-07-01

[[fund]]
code = "POOL"
name = "Pooled fund"
kind = "pooled"
host = "COUNCIL"

[[scheme]]
code = "BEDS"
name = "Intermediate care beds"
fund = "POOL"

[[scheme]]
code = "HOME"
name = "Home first"
fund = "POOL"

[[clause]]
id = "1"
title = "Overspends are shared by contribution"
on = "overspend"
to = "partners"
share = { by = "fund" }

[[clause]]
id = "2"
title = "Underspends go back by contribution"
on = "underspend"
to = "partners"
share = { by = "fund" }
','a9a42ef59688a437dda867e60e749e960760fdd8fc023cb7dcab231d8a7c7d67','as the ledger was made with','2022-08-01T09:01:00+00:00','preparer','unreleased');
INSERT INTO "agreements" VALUES(2,4,'[agreement]
id = "testshire-bcf"
title = "Testshire Better Care Fund"
financial_year = "2022/23"

[[partner]]
code = "COUNCIL"
name = "Testshire Council"
kind = "council"

[[partner]]
code = "CCG"
name = "NHS Testshire CCG"
kind = "ccg"

[[partner]]
code = "ICB"
name = "NHS Testshire ICB"
kind = "icb"
succeeds = ["CCG"]
from = 2022-07-01

[[fund]]
code = "POOL"
name = "Pooled fund"
kind = "pooled"
host = "COUNCIL"

[[scheme]]
code = "BEDS"
name = "Intermediate care beds"
fund = "POOL"

[[scheme]]
code = "HOME"
name = "Home first"
fund = "POOL"

[[clause]]
id = "1"
title = "Overspends are shared two to one"
on = "overspend"
to = "partners"
share = { by = "fixed", COUNCIL = "2", ICB = "1" }

[[clause]]
id = "2"
title = "Underspends go back by contribution"
on = "underspend"
to = "partners"
share = { by = "fund" }
','90ed6d07eb61c6849251569df40fec71e4fd7f1cf6d4653d7534d83ff5815ee5','Deed of variation','2022-08-01T09:14:00+00:00','preparer','unreleased');
CREATE TABLE alembic_version (version_num TEXT NOT NULL PRIMARY KEY) STRICT;
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE batches (
	id INTEGER NOT NULL, 
	file TEXT NOT NULL, 
	digest TEXT, 
	content TEXT NOT NULL, 
	count INTEGER NOT NULL, 
	totals TEXT NOT NULL, 
	mapping TEXT NOT NULL, 
	posted_at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	program TEXT NOT NULL, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT ck_batches_content CHECK (content IN ('lines', 'measures', 'posting', 'reversal')), 
	CONSTRAINT ck_batches_count CHECK (count >= 0), 
	CONSTRAINT uq_batches_digest UNIQUE (digest)
)
 STRICT

;
INSERT INTO "batches" VALUES(1,'lines.csv','2efe1190012e124ae069d2572c071e38f4529c51acbd986ee98e5b3c511a71d8','lines',40,'{"budget": 1800080, "payment": 1800080, "actual": 1874264}','','2022-08-01T09:03:00+00:00','preparer','unreleased');
INSERT INTO "batches" VALUES(2,'virement 1',NULL,'posting',2,'{"virement": 0}','','2022-08-01T09:04:00+00:00','preparer','unreleased');
INSERT INTO "batches" VALUES(3,'',NULL,'reversal',1,'{"actual": -303733}','','2022-08-01T09:05:00+00:00','preparer','unreleased');
INSERT INTO "batches" VALUES(4,'measures.csv','880aab977e88bcb5514bf9ad8bc685bb1d953ab8fef25edc764bcc9816d27494','measures',2,'{}','','2022-08-01T09:08:00+00:00','preparer','unreleased');
INSERT INTO "batches" VALUES(5,'measures2.csv','fae45a7fc3a96d8a8910603b545be652c7b26fb64841bfedb6a3e0e85ecae968','measures',1,'{}','','2022-08-01T09:09:00+00:00','preparer','unreleased');
INSERT INTO "batches" VALUES(6,'late.csv','08c876700ee9d1160a025b038fe658cfddfb6fd0c15fa788a177be13d2ac089e','lines',1,'{"actual": 1234}','','2022-08-01T09:11:00+00:00','preparer','unreleased');
INSERT INTO "batches" VALUES(7,'',NULL,'reversal',2,'{"virement": 0}','','2022-08-01T09:15:00+00:00','preparer','unreleased');
CREATE TABLE lines (
	id INTEGER NOT NULL, 
	batch INTEGER NOT NULL, 
	period INTEGER NOT NULL, 
	scheme TEXT NOT NULL, 
	partner TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	amount_pence INTEGER NOT NULL, 
	date TEXT, 
	reference TEXT NOT NULL, 
	description TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	belongs_to INTEGER, 
	row_number INTEGER, 
	raw TEXT NOT NULL, 
	reverses INTEGER, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_lines PRIMARY KEY (id), 
	CONSTRAINT ck_lines_period CHECK (period BETWEEN 1 AND 13), 
	CONSTRAINT ck_lines_kind CHECK (kind IN ('budget', 'virement', 'payment', 'actual', 'accrual', 'forecast', 'qipp_target', 'qipp_delivered', 'qipp_forecast', 'baseline')), 
	CONSTRAINT ck_lines_cause CHECK (cause = '' OR (cause = 'default' AND kind IN ('actual', 'accrual'))), 
	CONSTRAINT ck_lines_belongs_to CHECK (belongs_to IS NULL OR (belongs_to >= 1 AND belongs_to < period)), 
	CONSTRAINT ck_lines_reverses CHECK (reverses IS NULL OR (reverses < id AND reason <> '')), 
	CONSTRAINT fk_lines_batch_batches FOREIGN KEY(batch) REFERENCES batches (id) DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_lines_reverses_lines FOREIGN KEY(reverses) REFERENCES lines (id)
)
 STRICT

;
INSERT INTO "lines" VALUES(1,1,1,'BEDS','COUNCIL','budget',100010,NULL,'','','',NULL,2,'M1,BEDS,COUNCIL,budget,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(2,1,1,'BEDS','CCG','budget',200000,NULL,'','','',NULL,3,'M1,BEDS,CCG,budget,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(3,1,1,'BEDS','COUNCIL','actual',303733,'2022-04-11','INV-1','Invoice “1” of BEDS – £','',NULL,4,'M1,BEDS,COUNCIL,actual,3037.33,2022-04-11,INV-1,Invoice “1” of BEDS – £,
',NULL,'');
INSERT INTO "lines" VALUES(4,1,1,'BEDS','COUNCIL','payment',100010,NULL,'','','',NULL,5,'M1,BEDS,COUNCIL,payment,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(5,1,1,'BEDS','CCG','payment',200000,NULL,'','','',NULL,6,'M1,BEDS,CCG,payment,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(6,1,1,'HOME','COUNCIL','budget',50010,NULL,'','','',NULL,7,'M1,HOME,COUNCIL,budget,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(7,1,1,'HOME','CCG','budget',100000,NULL,'','','',NULL,8,'M1,HOME,CCG,budget,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(8,1,1,'HOME','COUNCIL','actual',153733,'2022-04-11','INV-1','Invoice “1” of HOME – £','',NULL,9,'M1,HOME,COUNCIL,actual,1537.33,2022-04-11,INV-1,Invoice “1” of HOME – £,
',NULL,'');
INSERT INTO "lines" VALUES(9,1,1,'HOME','COUNCIL','payment',50010,NULL,'','','',NULL,10,'M1,HOME,COUNCIL,payment,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(10,1,1,'HOME','CCG','payment',100000,NULL,'','','',NULL,11,'M1,HOME,CCG,payment,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(11,1,2,'BEDS','COUNCIL','budget',100010,NULL,'','','',NULL,12,'M2,BEDS,COUNCIL,budget,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(12,1,2,'BEDS','CCG','budget',200000,NULL,'','','',NULL,13,'M2,BEDS,CCG,budget,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(13,1,2,'BEDS','COUNCIL','actual',307433,'2022-05-12','INV-2','Invoice “2” of BEDS – £','',NULL,14,'M2,BEDS,COUNCIL,actual,3074.33,2022-05-12,INV-2,Invoice “2” of BEDS – £,
',NULL,'');
INSERT INTO "lines" VALUES(14,1,2,'BEDS','COUNCIL','payment',100010,NULL,'','','',NULL,15,'M2,BEDS,COUNCIL,payment,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(15,1,2,'BEDS','CCG','payment',200000,NULL,'','','',NULL,16,'M2,BEDS,CCG,payment,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(16,1,2,'HOME','COUNCIL','budget',50010,NULL,'','','',NULL,17,'M2,HOME,COUNCIL,budget,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(17,1,2,'HOME','CCG','budget',100000,NULL,'','','',NULL,18,'M2,HOME,CCG,budget,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(18,1,2,'HOME','COUNCIL','actual',157433,'2022-05-12','INV-2','Invoice “2” of HOME – £','',NULL,19,'M2,HOME,COUNCIL,actual,1574.33,2022-05-12,INV-2,Invoice “2” of HOME – £,
',NULL,'');
INSERT INTO "lines" VALUES(19,1,2,'HOME','COUNCIL','payment',50010,NULL,'','','',NULL,20,'M2,HOME,COUNCIL,payment,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(20,1,2,'HOME','CCG','payment',100000,NULL,'','','',NULL,21,'M2,HOME,CCG,payment,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(21,1,3,'BEDS','COUNCIL','budget',100010,NULL,'','','',NULL,22,'M3,BEDS,COUNCIL,budget,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(22,1,3,'BEDS','CCG','budget',200000,NULL,'','','',NULL,23,'M3,BEDS,CCG,budget,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(23,1,3,'BEDS','COUNCIL','actual',311133,'2022-06-13','INV-3','Invoice “3” of BEDS – £','',NULL,24,'M3,BEDS,COUNCIL,actual,3111.33,2022-06-13,INV-3,Invoice “3” of BEDS – £,
',NULL,'');
INSERT INTO "lines" VALUES(24,1,3,'BEDS','COUNCIL','payment',100010,NULL,'','','',NULL,25,'M3,BEDS,COUNCIL,payment,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(25,1,3,'BEDS','CCG','payment',200000,NULL,'','','',NULL,26,'M3,BEDS,CCG,payment,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(26,1,3,'HOME','COUNCIL','budget',50010,NULL,'','','',NULL,27,'M3,HOME,COUNCIL,budget,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(27,1,3,'HOME','CCG','budget',100000,NULL,'','','',NULL,28,'M3,HOME,CCG,budget,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(28,1,3,'HOME','COUNCIL','actual',161133,'2022-06-13','INV-3','Invoice “3” of HOME – £','',NULL,29,'M3,HOME,COUNCIL,actual,1611.33,2022-06-13,INV-3,Invoice “3” of HOME – £,
',NULL,'');
INSERT INTO "lines" VALUES(29,1,3,'HOME','COUNCIL','payment',50010,NULL,'','','',NULL,30,'M3,HOME,COUNCIL,payment,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(30,1,3,'HOME','CCG','payment',100000,NULL,'','','',NULL,31,'M3,HOME,CCG,payment,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(31,1,4,'BEDS','COUNCIL','budget',100010,NULL,'','','',NULL,32,'M4,BEDS,COUNCIL,budget,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(32,1,4,'BEDS','ICB','budget',200000,NULL,'','','',NULL,33,'M4,BEDS,ICB,budget,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(33,1,4,'BEDS','COUNCIL','actual',314833,'2022-07-14','INV-4','Invoice “4” of BEDS – £','',NULL,34,'M4,BEDS,COUNCIL,actual,3148.33,2022-07-14,INV-4,Invoice “4” of BEDS – £,
',NULL,'');
INSERT INTO "lines" VALUES(34,1,4,'BEDS','COUNCIL','payment',100010,NULL,'','','',NULL,35,'M4,BEDS,COUNCIL,payment,1000.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(35,1,4,'BEDS','ICB','payment',200000,NULL,'','','',NULL,36,'M4,BEDS,ICB,payment,2000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(36,1,4,'HOME','COUNCIL','budget',50010,NULL,'','','',NULL,37,'M4,HOME,COUNCIL,budget,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(37,1,4,'HOME','ICB','budget',100000,NULL,'','','',NULL,38,'M4,HOME,ICB,budget,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(38,1,4,'HOME','COUNCIL','actual',164833,'2022-07-14','INV-4','Invoice “4” of HOME – £','',NULL,39,'M4,HOME,COUNCIL,actual,1648.33,2022-07-14,INV-4,Invoice “4” of HOME – £,
',NULL,'');
INSERT INTO "lines" VALUES(39,1,4,'HOME','COUNCIL','payment',50010,NULL,'','','',NULL,40,'M4,HOME,COUNCIL,payment,500.10,,,,
',NULL,'');
INSERT INTO "lines" VALUES(40,1,4,'HOME','ICB','payment',100000,NULL,'','','',NULL,41,'M4,HOME,ICB,payment,1000.00,,,,
',NULL,'');
INSERT INTO "lines" VALUES(41,2,2,'BEDS','COUNCIL','virement',-25000,NULL,'V1','To home first','',NULL,NULL,'',NULL,'');
INSERT INTO "lines" VALUES(42,2,2,'HOME','COUNCIL','virement',25000,NULL,'V1','To home first','',NULL,NULL,'',NULL,'');
INSERT INTO "lines" VALUES(43,3,1,'BEDS','COUNCIL','actual',-303733,'2022-04-11','INV-1','Invoice “1” of BEDS – £','',NULL,NULL,'',3,'Coded to the wrong scheme');
INSERT INTO "lines" VALUES(44,6,3,'HOME','COUNCIL','actual',1234,'2022-04-30','INV-L','A late invoice','',1,2,'M1,HOME,COUNCIL,actual,12.34,2022-04-30,INV-L,A late invoice,
',NULL,'');
INSERT INTO "lines" VALUES(45,7,3,'BEDS','COUNCIL','virement',25000,NULL,'V1','To home first','',2,NULL,'',41,'The virement was not agreed');
INSERT INTO "lines" VALUES(46,7,3,'HOME','COUNCIL','virement',-25000,NULL,'V1','To home first','',2,NULL,'',42,'The virement was not agreed');
CREATE TABLE mappings (
	name TEXT NOT NULL, 
	body TEXT NOT NULL, 
	saved_at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	CONSTRAINT pk_mappings PRIMARY KEY (name)
)
 STRICT

;
INSERT INTO "mappings" VALUES('oracle','name = "oracle"
flip_sign = true
date_format = "DD/MM/YYYY"

[columns]
period = "Per"
scheme = "Cost centre"
amount = "Net GBP"

[constants]
kind = "actual"
partner = "COUNCIL"
','2022-08-01T09:06:00+00:00','preparer');
INSERT INTO "mappings" VALUES('isfe','name = "isfe"
flip_sign = true
date_format = "DD/MM/YYYY"

[columns]
period = "Per"
scheme = "Cost centre"
amount = "Net GBP"

[constants]
kind = "actual"
partner = "COUNCIL"
','2022-08-01T09:07:00+00:00','preparer');
CREATE TABLE measures (
	id INTEGER NOT NULL, 
	batch INTEGER NOT NULL, 
	period INTEGER NOT NULL, 
	measure TEXT NOT NULL, 
	baseline TEXT NOT NULL, 
	target TEXT NOT NULL, 
	actual TEXT NOT NULL, 
	row_number INTEGER, 
	raw TEXT NOT NULL, 
	CONSTRAINT pk_measures PRIMARY KEY (id), 
	CONSTRAINT ck_measures_period CHECK (period BETWEEN 1 AND 13), 
	CONSTRAINT fk_measures_batch_batches FOREIGN KEY(batch) REFERENCES batches (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

;
INSERT INTO "measures" VALUES(1,4,1,'NEA','100.5','90','95',2,'M1,NEA,100.5,90,95
');
INSERT INTO "measures" VALUES(2,4,2,'NEA','100.5','90','88',3,'M2,NEA,100.5,90,88
');
INSERT INTO "measures" VALUES(3,5,2,'NEA','100.5','90','89.25',2,'M2,NEA,100.5,90,89.25
');
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
)
 STRICT

;
INSERT INTO "meta" VALUES('ledger','7d2f0a64-5b0e-4c6e-9a57-0d1c5d9e7501');
INSERT INTO "meta" VALUES('made_at','2022-08-01T09:01:00+00:00');
INSERT INTO "meta" VALUES('made_by','preparer');
INSERT INTO "meta" VALUES('program','unreleased');
CREATE TABLE period_states (
	id INTEGER NOT NULL, 
	period INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	after_batch INTEGER NOT NULL, 
	changed_at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	CONSTRAINT pk_period_states PRIMARY KEY (id), 
	CONSTRAINT ck_period_states_period CHECK (period BETWEEN 1 AND 13), 
	CONSTRAINT ck_period_states_state CHECK (state IN ('open', 'held', 'signed'))
)
 STRICT

;
INSERT INTO "period_states" VALUES(1,1,'held',5,'2022-08-01T09:10:00+00:00','preparer');
INSERT INTO "period_states" VALUES(2,2,'held',5,'2022-08-01T09:10:00+00:00','preparer');
INSERT INTO "period_states" VALUES(3,3,'held',6,'2022-08-01T09:12:00+00:00','preparer');
INSERT INTO "period_states" VALUES(4,3,'open',6,'2022-08-01T09:13:00+00:00','preparer');
CREATE TABLE totals (
	scheme TEXT NOT NULL, 
	partner TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	period INTEGER NOT NULL, 
	amount_pence INTEGER NOT NULL, 
	CONSTRAINT pk_totals PRIMARY KEY (scheme, partner, kind, cause, period)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "totals" VALUES('BEDS','CCG','budget','',1,200000);
INSERT INTO "totals" VALUES('BEDS','CCG','budget','',2,200000);
INSERT INTO "totals" VALUES('BEDS','CCG','budget','',3,200000);
INSERT INTO "totals" VALUES('BEDS','CCG','payment','',1,200000);
INSERT INTO "totals" VALUES('BEDS','CCG','payment','',2,200000);
INSERT INTO "totals" VALUES('BEDS','CCG','payment','',3,200000);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','actual','',1,0);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','actual','',2,307433);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','actual','',3,311133);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','actual','',4,314833);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','budget','',1,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','budget','',2,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','budget','',3,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','budget','',4,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','payment','',1,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','payment','',2,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','payment','',3,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','payment','',4,100010);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','virement','',2,-25000);
INSERT INTO "totals" VALUES('BEDS','COUNCIL','virement','',3,25000);
INSERT INTO "totals" VALUES('BEDS','ICB','budget','',4,200000);
INSERT INTO "totals" VALUES('BEDS','ICB','payment','',4,200000);
INSERT INTO "totals" VALUES('HOME','CCG','budget','',1,100000);
INSERT INTO "totals" VALUES('HOME','CCG','budget','',2,100000);
INSERT INTO "totals" VALUES('HOME','CCG','budget','',3,100000);
INSERT INTO "totals" VALUES('HOME','CCG','payment','',1,100000);
INSERT INTO "totals" VALUES('HOME','CCG','payment','',2,100000);
INSERT INTO "totals" VALUES('HOME','CCG','payment','',3,100000);
INSERT INTO "totals" VALUES('HOME','COUNCIL','actual','',1,153733);
INSERT INTO "totals" VALUES('HOME','COUNCIL','actual','',2,157433);
INSERT INTO "totals" VALUES('HOME','COUNCIL','actual','',3,162367);
INSERT INTO "totals" VALUES('HOME','COUNCIL','actual','',4,164833);
INSERT INTO "totals" VALUES('HOME','COUNCIL','budget','',1,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','budget','',2,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','budget','',3,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','budget','',4,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','payment','',1,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','payment','',2,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','payment','',3,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','payment','',4,50010);
INSERT INTO "totals" VALUES('HOME','COUNCIL','virement','',2,25000);
INSERT INTO "totals" VALUES('HOME','COUNCIL','virement','',3,-25000);
INSERT INTO "totals" VALUES('HOME','ICB','budget','',4,100000);
INSERT INTO "totals" VALUES('HOME','ICB','payment','',4,100000);
CREATE INDEX ix_lines_scheme_kind ON lines (scheme, kind);
CREATE UNIQUE INDEX ix_lines_reverses ON lines (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX ix_lines_reference ON lines (reference) WHERE kind = 'virement';
CREATE TRIGGER agreements_refuse_update BEFORE UPDATE ON agreements BEGIN SELECT RAISE(ABORT, 'agreements are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER agreements_refuse_delete BEFORE DELETE ON agreements BEGIN SELECT RAISE(ABORT, 'agreements are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER batches_refuse_update BEFORE UPDATE ON batches BEGIN SELECT RAISE(ABORT, 'batches are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER batches_refuse_delete BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'batches are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER lines_refuse_update BEFORE UPDATE ON lines BEGIN SELECT RAISE(ABORT, 'lines are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER lines_refuse_delete BEFORE DELETE ON lines BEGIN SELECT RAISE(ABORT, 'lines are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER measures_refuse_update BEFORE UPDATE ON measures BEGIN SELECT RAISE(ABORT, 'measures are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER measures_refuse_delete BEFORE DELETE ON measures BEGIN SELECT RAISE(ABORT, 'measures are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER period_states_refuse_update BEFORE UPDATE ON period_states BEGIN SELECT RAISE(ABORT, 'period_states are never changed or taken out; post what corrects them'); END;
CREATE TRIGGER period_states_refuse_delete BEFORE DELETE ON period_states BEGIN SELECT RAISE(ABORT, 'period_states are never changed or taken out; post what corrects them'); END;
COMMIT;
