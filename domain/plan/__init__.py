"""The plan: everything about a platform that is known before AWS answers, one intent for each component."""
