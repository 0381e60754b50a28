-- Who there is: insurers, their people, clients and vehicles, and the boxes that sit in the vehicles.
-- What boxes wrote is not here: the log is the truth (0002), everything about readings is a projection of it.

CREATE TABLE organisations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (name <> ''),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE clients (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  name text NOT NULL CHECK (name <> ''),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, name)
);

CREATE TABLE people (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('administrator', 'portfolio_manager', 'claims_handler', 'fleet_desk', 'client', 'auditor')),
  locale text NOT NULL DEFAULT 'fr' CHECK (locale IN ('fr', 'en')),
  -- PHC string (argon2id), parameters included, so that they can be raised later.
  password_hash text NOT NULL,
  -- A client sees the vehicles of one client record and no others; nobody else is bound to one.
  client_id uuid REFERENCES clients (id),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((role = 'client') = (client_id IS NOT NULL))
);
CREATE INDEX people_organisation ON people (organisation_id);

-- One sign-in on one device. Its refresh tokens form a family: when a used one comes back, the whole session ends.
CREATE TABLE sessions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  person_id uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_reason text
);
CREATE INDEX sessions_person ON sessions (person_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  -- How often it was accepted again within the grace for two tabs; bounded in code.
  grace_uses integer NOT NULL DEFAULT 0
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE vehicles (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  client_id uuid REFERENCES clients (id),
  vin text NOT NULL UNIQUE CHECK (vin ~ '^[A-HJ-NPR-Z0-9]{17}$'),
  -- Plate, or the name of the recording.
  label text NOT NULL CHECK (label <> ''),
  plate text NOT NULL DEFAULT '',
  make text NOT NULL DEFAULT '',
  model text NOT NULL DEFAULT '',
  year integer,
  fuel text,
  driver_name text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organisation_id, label)
);
CREATE INDEX vehicles_client ON vehicles (client_id);

CREATE TABLE contracts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  client_id uuid NOT NULL REFERENCES clients (id),
  vehicle_id uuid NOT NULL REFERENCES vehicles (id),
  number text NOT NULL,
  product text NOT NULL,
  from_at timestamptz NOT NULL DEFAULT now(),
  to_at timestamptz,
  UNIQUE (organisation_id, number)
);
CREATE INDEX contracts_vehicle ON contracts (vehicle_id);

CREATE TABLE boxes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  serial text NOT NULL DEFAULT '',
  -- Ed25519 public key, base64url as in a JWK. Null for boxes of the old upload format, which have a key in words instead.
  public_key_x text UNIQUE,
  legacy_key_hash bytea UNIQUE,
  agent_version text NOT NULL DEFAULT '',
  enrolled_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
CREATE INDEX boxes_organisation ON boxes (organisation_id);

-- Which box sat in which vehicle when. A null bound is open: since always, still.
CREATE TABLE installations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  box_id uuid NOT NULL REFERENCES boxes (id),
  vehicle_id uuid NOT NULL REFERENCES vehicles (id),
  from_at timestamptz,
  to_at timestamptz,
  CHECK (from_at IS NULL OR to_at IS NULL OR from_at <= to_at)
);
CREATE UNIQUE INDEX installations_one_box_per_vehicle ON installations (vehicle_id) WHERE to_at IS NULL;
CREATE UNIQUE INDEX installations_one_vehicle_per_box ON installations (box_id) WHERE to_at IS NULL;
CREATE INDEX installations_box ON installations (box_id);

CREATE TABLE enrolment_codes (
  -- SHA-256 of the code: 60 random bits that live a day and work once need no slow hash.
  code_hash bytea PRIMARY KEY,
  vehicle_id uuid NOT NULL REFERENCES vehicles (id),
  created_by uuid REFERENCES people (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  box_id uuid REFERENCES boxes (id)
);
CREATE INDEX enrolment_codes_vehicle ON enrolment_codes (vehicle_id);

CREATE TABLE box_commands (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  box_id uuid NOT NULL REFERENCES boxes (id),
  kind text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
CREATE INDEX box_commands_waiting ON box_commands (box_id, created_at) WHERE acknowledged_at IS NULL;

-- Who did what to whom. Append only, even for us: the trigger refuses the rest.
CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  organisation_id uuid,
  actor_kind text NOT NULL,
  actor_id text,
  action text NOT NULL,
  subject text,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_organisation ON audit_log (organisation_id, id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- In the shape that rate-limiter-flexible reads and writes.
CREATE TABLE sign_in_throttle (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);

-- Removed rights must reach every process that holds a socket or a cache, whoever removed them: the API, another API
-- process or the command line. So the database itself says it.
CREATE FUNCTION notify_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('temoin_rights', json_build_object('kind', TG_ARGV[0], 'id', OLD.id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER people_rights AFTER DELETE OR UPDATE OF role, client_id, organisation_id, disabled_at, password_hash ON people
  FOR EACH ROW EXECUTE FUNCTION notify_rights('person');
CREATE TRIGGER sessions_rights AFTER DELETE OR UPDATE OF ended_at ON sessions
  FOR EACH ROW EXECUTE FUNCTION notify_rights('session');
CREATE TRIGGER boxes_rights AFTER DELETE OR UPDATE OF revoked_at, public_key_x, legacy_key_hash ON boxes
  FOR EACH ROW EXECUTE FUNCTION notify_rights('box');
CREATE TRIGGER vehicles_rights AFTER DELETE OR UPDATE OF client_id, organisation_id ON vehicles
  FOR EACH ROW EXECUTE FUNCTION notify_rights('vehicle');

-- Where a box sits decides whose readings they are.
CREATE FUNCTION notify_installation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('temoin_rights', json_build_object('kind', 'box', 'id', coalesce(NEW.box_id, OLD.box_id))::text);
  RETURN NULL;
END $$;
CREATE TRIGGER installations_rights AFTER INSERT OR UPDATE OR DELETE ON installations
  FOR EACH ROW EXECUTE FUNCTION notify_installation();
