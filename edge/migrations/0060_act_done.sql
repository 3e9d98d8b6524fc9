-- What is out on a channel, for a look: what another act has a receipt of is not taken for what is looked for.
CREATE INDEX act_done ON act(channel, due_at) WHERE state = 'done';
