-- The poster of a video is a stored picture too: who takes back a consent finds it, and nobody deletes it from under a post. Documents
-- likewise. The triggers of 0042 and 0046 once more, with both. A poster is written as a text that begins with its media.id, 26 letters. What
-- stands alone is one list: D1 takes no more than five terms in a compound SELECT.
DROP TRIGGER use_of_new_post;
CREATE TRIGGER use_of_new_post AFTER INSERT ON post BEGIN
  INSERT OR IGNORE INTO media_use (org, media, post)
    SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.org, j.value, NEW.id FROM json_each(json_array(
      NEW.content ->> '$.video.media', NEW.content ->> '$.document.media', substr(NEW.content ->> '$.video.poster', 1, 26),
      NEW.stage_data ->> '$.correction.content.video.media', NEW.stage_data ->> '$.correction.content.document.media',
      substr(NEW.stage_data ->> '$.correction.content.video.poster', 1, 26))) j
      WHERE j.value IS NOT NULL;
END;
DROP TRIGGER use_of_post;
CREATE TRIGGER use_of_post AFTER UPDATE OF content, stage_data ON post
  WHEN NEW.content IS NOT OLD.content OR NEW.correcting IS NOT OLD.correcting OR NEW.correcting = 1 BEGIN
  DELETE FROM media_use WHERE NEW.stage <> 'out' AND org = NEW.org AND post = NEW.id AND media NOT IN (
    SELECT j.value ->> '$.media' FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT j.value ->> '$.media' FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT j.value FROM json_each(json_array(
      NEW.content ->> '$.video.media', NEW.content ->> '$.document.media', substr(NEW.content ->> '$.video.poster', 1, 26),
      NEW.stage_data ->> '$.correction.content.video.media', NEW.stage_data ->> '$.correction.content.document.media',
      substr(NEW.stage_data ->> '$.correction.content.video.poster', 1, 26))) j
      WHERE j.value IS NOT NULL);
  INSERT OR IGNORE INTO media_use (org, media, post)
    SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, j.value ->> '$.media', NEW.id FROM json_each(NEW.stage_data, '$.correction.content.pictures') j
    UNION ALL SELECT NEW.org, j.value, NEW.id FROM json_each(json_array(
      NEW.content ->> '$.video.media', NEW.content ->> '$.document.media', substr(NEW.content ->> '$.video.poster', 1, 26),
      NEW.stage_data ->> '$.correction.content.video.media', NEW.stage_data ->> '$.correction.content.document.media',
      substr(NEW.stage_data ->> '$.correction.content.video.poster', 1, 26))) j
      WHERE j.value IS NOT NULL;
END;
DROP TRIGGER named_by_submission;
CREATE TRIGGER named_by_submission AFTER INSERT ON submission BEGIN
  INSERT OR IGNORE INTO media_named (org, media, post, place)
    SELECT NEW.org, j.value ->> '$.media', NEW.post, NEW.round FROM json_each(NEW.content, '$.pictures') j
    UNION ALL SELECT NEW.org, j.value, NEW.post, NEW.round FROM json_each(json_array(NEW.content ->> '$.video.media', NEW.content ->> '$.document.media', substr(NEW.content ->> '$.video.poster', 1, 26))) j
      WHERE j.value IS NOT NULL;
END;
