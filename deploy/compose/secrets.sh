#!/bin/sh
# Makes what docker-compose.yml needs and nobody has published: the sender's key and the sandbox's token, random, where they are not
# there yet, and .env, by which compose runs the services as the user that owns them: compose mounts a secret as it lies here, and
# with strict_secrets nobody else may read it. Git knows neither. To rotate one: remove it, run this, docker compose up again.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in website.key shop.token; do
	[ -s "secrets/$name" ] && continue
	head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"secrets/$name.new"
	mv "secrets/$name.new" "secrets/$name"
done
user=$(id -u):$(id -g)
if [ "$(id -u)" = 0 ]; then # root's would run the services as root: they get the images' own user
	user=65532:65532
	chown "$user" secrets/website.key secrets/shop.token
elif docker info --format '{{.SecurityOptions}}' 2>/dev/null | grep -q rootless; then
	user=0:0 # in a rootless engine root is who runs it
fi
env=../../.env
{
	grep -v '^OMNICAPI_USER=' "$env" 2>/dev/null || true
	echo "OMNICAPI_USER=$user"
} >"$env.new"
mv "$env.new" "$env"
echo "deploy/compose/secrets: website.key is what the senders present; the services run as $user (.env)"
